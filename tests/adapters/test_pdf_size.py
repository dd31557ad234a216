"""What of the zip is there for PDFs: fpdf2, the libraries it asks for, segno, our adapter and its typefaces."""

import importlib.util
import marshal
import zlib
from pathlib import Path

from chalicelib.adapters.pdf import container
from infra import package

MOST = 2_000_000
OURS = Path(container.__file__).parent
LIBRARIES = ("fpdf", "segno", "defusedxml")


def test_the_part_of_the_zip_that_makes_pdfs_is_under_two_megabytes():
    """As it would be packed; what of it is bytecode differs by a few per cent from one Python to the next."""
    ours = sum(packed(path.read_bytes()) for path in files_of(OURS))
    ours += sum(bytecode(path) for path in OURS.glob("*.py"))
    libraries = sum(size_of(name) for name in LIBRARIES)
    assert 1_000_000 < ours + libraries < MOST


def size_of(name):
    (folder,) = map(Path, importlib.util.find_spec(name).submodule_search_locations)
    unused = {path for pattern in package.UNUSED for path in folder.parent.glob(pattern)}
    files = [path for path in files_of(folder) if path not in unused]
    sources = [path for path in files if path.suffix == ".py"]
    kept = [path for path in files if path.suffix != ".py" or name not in package.WITHOUT_SOURCES]
    return sum(map(bytecode, sources)) + sum(packed(path.read_bytes()) for path in kept)


def files_of(folder):
    return [path for path in folder.rglob("*") if path.is_file() and path.parent.name != "__pycache__"]


def bytecode(source):
    kept = Path(importlib.util.cache_from_source(source))
    if kept.exists():
        return packed(kept.read_bytes())
    return packed(marshal.dumps(compile(source.read_bytes(), str(source), "exec", dont_inherit=True)))


def packed(content):
    return len(zlib.compress(content, 9))
