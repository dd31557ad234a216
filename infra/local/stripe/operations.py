"""Every v1 operation that the installed SDK knows, read from its own service modules.

The SDK does not check what it sends, and Stripe's OpenAPI document is in no registry; but the SDK's services and
parameter types are generated from that very document, for exactly the version that it speaks.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import stripe

_ROOT = Path(stripe.__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """parameters: the name of the type of what is sent, if anything may be; answer: the annotation of what comes back.

    modules: where the names in both are defined.
    """

    method: str
    path: str
    pattern: re.Pattern[str]
    parameters: str | None
    answer: str
    modules: Mapping[str, str]


@cache
def operations() -> tuple[Operation, ...]:
    """All of them; those without placeholders first, so that /search wins over /{id}."""
    found: dict[tuple[str, str], Operation] = {}
    for file in sorted(_ROOT.rglob("*_service.py")):
        if "v2" not in file.relative_to(_ROOT).parts:
            for operation in _operations_in(ast.parse(file.read_text())):
                found.setdefault((operation.method, operation.path), operation)
    return tuple(sorted(found.values(), key=lambda operation: (operation.path.count("{"), operation.path)))


@lru_cache(4096)
def operation(method: str, path: str) -> Operation | None:
    """The operation that a request asks for, if the SDK knows it."""
    fits = (known for known in operations() if known.method == method and known.pattern.fullmatch(path))
    return next(fits, None)


def _operations_in(module: ast.Module) -> Iterator[Operation]:
    modules = imports(module)
    for service in (node for node in module.body if isinstance(node, ast.ClassDef)):
        for function in (node for node in service.body if isinstance(node, ast.FunctionDef)):
            request = _request_in(function)
            if request is None:
                continue
            method, path = request
            yield Operation(
                method=method,
                path=path,
                pattern=re.compile(re.sub(r"\\{\w+\\}", "([^/]+)", re.escape(path))),
                parameters=_parameters(function, modules),
                answer=_bare(ast.unparse(function.returns)) if function.returns else "object",
                modules=modules,
            )


def imports(module: ast.Module) -> dict[str, str]:
    """Where each imported name comes from, those for type checkers included."""
    return {
        alias.asname or alias.name: node.module
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


def _request_in(function: ast.FunctionDef) -> tuple[str, str] | None:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "_request":
            method, url = node.args[0], node.args[1]
            if isinstance(url, ast.Call) and isinstance(url.func, ast.Attribute):
                url = url.func.value  # "/v1/refunds/{refund}".format(...)
            if isinstance(method, ast.Constant) and isinstance(url, ast.Constant):
                return str(method.value).upper(), str(url.value)
    return None


def _parameters(function: ast.FunctionDef, modules: Mapping[str, str]) -> str | None:
    taken = (argument for argument in function.args.posonlyargs + function.args.args if argument.arg == "params")
    argument = next(taken, None)
    if argument is None or argument.annotation is None:
        return None
    name = _bare(ast.unparse(argument.annotation))
    return name if name in modules else None


def _bare(annotation: str) -> str:
    optional = re.fullmatch(r"Optional\[(.*)\]", annotation)
    return (optional[1] if optional else annotation).strip("\"'")
