"""Check a chain of numbers offline: what was issued is what was issued, to the byte.

`dev.py verify FILE... [--pdfs ZIP] [--heads FILE]` reads saved answers of `GET /v1/reports/numbers/{series}/chain`, any
order, and names each number that does not hold: what it says against its hash, what its document says against the
hash of that, the hash before against the number before. With the PDFs, each is compared with its own hash, too.
It needs nothing but these files and Python's standard library.
"""

import argparse
import json
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

FORM = "quittance chain 1"
TEXTS = (
    "series",
    "number",
    "issue_date",
    "document_id",
    "currency",
    "total",
    "tax_total",
    "content_sha256",
    "previous_hash",
    "hash",
)
OR_NOTHING = ("content", "pdf_sha256", "kept_pdf_sha256")
Link = Mapping[str, Any]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py verify", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="saved pages of the chain of one series")
    parser.add_argument("--pdfs", action="append", default=[], type=Path, help="a ZIP or a folder of PDFs")
    parser.add_argument("--heads", action="append", default=[], type=Path, help="a night's head, kept apart")
    given = parser.parse_args(arguments)
    links = read(given.files)
    found = [*unsound(links), *unlike_heads(links, _links_of(given.heads))]
    compared, of_pdfs = compared_pdfs(links, dict(_pdfs(given.pdfs)))
    for sentence in (*found, *of_pdfs):
        print(sentence)
    print(_summary(links, compared, len(found) + len(of_pdfs)))
    return 1 if found or of_pdfs else 0


def read(files: Iterable[Path]) -> list[Link]:
    """The links of all pages by series, day and number; of copies that are the same only one."""
    every: dict[str, Link] = {}
    for file in files:
        try:
            links = [(_link(one), json.dumps(one, sort_keys=True)) for one in json.loads(file.read_bytes())["data"]]
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise SystemExit(f"{file} is no page of a chain: {error!r}") from error
        every |= {text: link for link, text in links}
    return sorted(every.values(), key=lambda one: (one["series"], one["issue_date"], len(one["number"]), one["number"]))


def _link(one: Link) -> Link:
    """The link as it was read. Raises ValueError for what is none, with the number it bears."""
    wrong = [name for name in TEXTS if not isinstance(one.get(name), str)]
    wrong += [name for name in OR_NOTHING if name not in one or not isinstance(one[name], str | None)]
    if wrong:
        raise ValueError(f"number {one.get('number')} lacks {', '.join(wrong)}")
    return one


def unsound(links: Sequence[Link]) -> Iterator[str]:
    """What does not hold, a sentence for each."""
    hashes = {one["hash"] for one in links}
    beginnings: dict[str, list[str]] = {}
    followed: dict[str, str] = {}
    for one in links:
        name = f"{one['series']} {one['number']}"
        if _hash(lines(one)) != one["hash"]:
            yield f"{name}: its hash is not that of what it says."
        if one["content"] is None:
            yield f"{name}: what was issued under it is not there."
        elif sha256(one["content"].encode()).hexdigest() != one["content_sha256"]:
            yield f"{name}: what its document says is not what was issued."
        if one["pdf_sha256"] and one["kept_pdf_sha256"] not in {None, one["pdf_sha256"]}:
            yield f"{name}: the PDF that is kept is not the one that was issued."
        previous = one["previous_hash"]
        if followed.get(previous, name) != name:
            yield f"{name}: it follows the same number as {followed[previous]}."
        followed[previous] = name
        if previous not in hashes:
            beginnings.setdefault(one["series"], []).append(name)
    for names in beginnings.values():
        for name in names[1:]:
            yield f"{name}: the number before it is missing, or is not what it was."


def lines(link: Link) -> list[str]:
    """What is hashed of a number, line by line."""
    return [
        FORM,
        link["series"],
        link["number"],
        link["issue_date"],
        link["document_id"],
        f"{link['total']} {link['currency']}",
        f"{link['tax_total']} {link['currency']}",
        link["content_sha256"],
        *([link["pdf_sha256"]] if link["pdf_sha256"] else []),
        link["previous_hash"],
    ]


def compared_pdfs(links: Sequence[Link], pdfs: Mapping[str, str]) -> tuple[int, list[str]]:
    """How many PDFs are those that were issued, and what is wrong with the others. pdfs: hashes by name."""
    by_name = {name: one for one in links for name in _names_of(one)}
    right, found = 0, []
    for name, digest in sorted(pdfs.items()):
        link = by_name.get(Path(name).stem)
        if link is None:
            found.append(f"{name}: no number of the chain bears its name.")
        elif digest == (link["pdf_sha256"] or link["kept_pdf_sha256"]):
            right += 1
        else:
            found.append(f"{name}: it is not the PDF that was issued.")
    return right, found


def _names_of(link: Link) -> tuple[str, str]:
    """What its PDF is called: by its number, or in an export by as much of that as every disk takes."""
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in link["number"])
    return link["number"], f"{plain}-{link['document_id'][-6:]}"


def unlike_heads(links: Sequence[Link], kept: Iterable[Link]) -> Iterator[str]:
    """What a kept head says otherwise: whoever made the whole chain anew, or cut off its end, could not change it."""
    by_name = {(one["series"], one["number"]): one for one in links}
    for head in kept:
        name = f"{head['series']} {head['number']}"
        link = by_name.get((head["series"], head["number"]))
        if link is None:
            yield f"{name}: a kept head names it, and it is not in these pages."
        elif link["hash"] != head["hash"]:
            yield f"{name}: its hash is not the one in a kept head."


def _links_of(heads: Iterable[Path]) -> Iterator[Link]:
    for file in heads:
        try:
            yield from json.loads(file.read_bytes())["links"]
        except (ValueError, KeyError, TypeError) as error:
            raise SystemExit(f"{file} is no head of a chain: {error!r}") from error


def _pdfs(places: Iterable[Path]) -> Iterator[tuple[str, str]]:
    for place in places:
        if place.is_dir():
            yield from ((one.name, sha256(one.read_bytes()).hexdigest()) for one in place.glob("*.pdf"))
            continue
        try:
            with zipfile.ZipFile(place) as archive:
                for name in archive.namelist():
                    yield name, sha256(archive.read(name)).hexdigest()
        except zipfile.BadZipFile as error:
            raise SystemExit(f"{place} cannot be read: {error}") from error


def _summary(links: Sequence[Link], compared: int, wrong: int) -> str:
    if not links:
        return "There is no number in these files."
    what = f"{len(links)} numbers, {links[0]['number']} to {links[-1]['number']}, and {compared} PDFs were checked"
    return f"{what}: all hold." if not wrong else f"{what}: {wrong} do not hold."


def _hash(parts: Iterable[str]) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
