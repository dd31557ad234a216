"""What an entry point's function asks wiring for, read from the code it can reach."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = "chalicelib.entrypoints"

Place = tuple[str, str]
"""A module, and a name defined in it."""


def asked_of_wiring(starts: Iterable[Place]) -> set[str]:
    """The names taken from wiring, and the strings named, by these functions and the entry-point code they reach."""
    seen: set[Place] = set()
    waiting, asked = set(starts), set()
    while waiting:
        module, name = waiting.pop()
        seen.add((module, name))
        node = definitions(module).get(name)
        if node is None:
            continue
        for target, word in mentioned(module, node):
            if target == "chalicelib.wiring":
                asked.add(word)
            elif target.startswith(OURS) and (target, word) not in seen:
                waiting.add((target, word))
        asked |= {
            each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)
        }
    return asked


def everything_in(*packages: str) -> set[Place]:
    """Every name defined in the modules of these packages."""
    paths = [path for package in packages for path in (ROOT / package.replace(".", "/")).rglob("*.py")]
    modules = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]
    return {(module, name) for module in modules for name in definitions(module)}


@cache
def definitions(module: str) -> dict[str, ast.AST]:
    found: dict[str, ast.AST] = {}
    for node in tree(module).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = node
        if isinstance(node, ast.Assign):
            found |= {target.id: node.value for target in node.targets if isinstance(target, ast.Name)}
    return found


def mentioned(module: str, node: ast.AST) -> Iterator[Place]:
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
            yield imported(module).get(each.value.id, ""), each.attr
        if isinstance(each, ast.Name):
            if each.id in definitions(module):
                yield module, each.id
            target, _, word = imported(module).get(each.id, "").rpartition(".")
            yield target, word


@cache
def imported(module: str) -> dict[str, str]:
    """What each imported name stands for, in full."""
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in tree(module).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


@cache
def tree(module: str) -> ast.Module:
    path = ROOT / module.replace(".", "/")
    source = next((each for each in (path.with_suffix(".py"), path / "__init__.py") if each.exists()), None)
    return ast.parse(source.read_text() if source else "")
