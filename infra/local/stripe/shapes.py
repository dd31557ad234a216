"""The SDK's annotations as types that can be looked into."""

import ast
import builtins
import importlib
import inspect
import sys
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typing_extensions
from stripe import StripeObject
from stripe._stripe_object import UntypedStripeObject

from infra.local.stripe.operations import Operation, imports

_WRAPPERS = {
    typing.Annotated,
    typing.NotRequired,
    typing.Required,
    typing_extensions.NotRequired,
    typing_extensions.Required,
}
_UNIONS = {typing.Union, types.UnionType}
LITERALS = {typing.Literal, typing_extensions.Literal}


class Unknown:
    """Stands for a name that the SDK mentions and does not define; anything fits it."""

    def __class_getitem__(cls, _: object) -> type["Unknown"]:
        return cls


class _Names(dict[str, Any]):
    """Names that exist for type checkers only, found where the module says they come from."""

    def __init__(self, modules: Mapping[str, str], *, known: Mapping[str, Any]) -> None:
        super().__init__()
        self._modules, self._known = modules, known

    def __missing__(self, name: str) -> object:
        if hasattr(builtins, name) or name in self._known:
            raise KeyError(name)
        if name in self._modules:
            return getattr(importlib.import_module(self._modules[name]), name, Unknown)
        return getattr(typing_extensions, name, Unknown)


@cache
def fields(shape: Any) -> dict[str, Any]:  # noqa: ANN401 - a class that mypy takes for unhashable
    """The fields of a parameter or resource class, with their types."""
    module = sys.modules[shape.__module__]
    names = _Names(_imports_of(shape.__module__), known=vars(module))
    return typing_extensions.get_type_hints(shape, localns=names, include_extras=True)


def parameters_of(operation: Operation) -> type | None:
    """The class of what is sent, if anything may be."""
    if operation.parameters is None:
        return None
    shape: type = getattr(importlib.import_module(operation.modules[operation.parameters]), operation.parameters)
    return shape


@cache
def answer_of(annotation: str, modules: tuple[tuple[str, str], ...]) -> object:
    """The type of what comes back."""
    holder = type("Holder", (), {"__annotations__": {"answer": annotation}})
    return typing_extensions.get_type_hints(holder, localns=_Names(dict(modules), known={}))["answer"]


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """What a value may be: the alternatives of its type, the exact values among them, or anything at all."""

    kinds: tuple[Any, ...]
    exact: frozenset[object]
    is_open: bool


@cache
def choice(shape: Any) -> Choice:  # noqa: ANN401 - whatever may be an annotation
    """One and the same for the same type."""
    kinds = variants(shape)
    return Choice(kinds, literals(kinds), is_open=Any in kinds or Unknown in kinds)


def variants(shape: object) -> tuple[Any, ...]:
    """The alternatives of a type, one level deep in unions, without NotRequired and the like."""
    while typing.get_origin(shape) in _WRAPPERS:
        shape = typing.get_args(shape)[0]
    if typing.get_origin(shape) in _UNIONS:
        return tuple(variant for alternative in typing.get_args(shape) for variant in variants(alternative))
    return (shape,)


def literals(alternatives: tuple[Any, ...]) -> frozenset[object]:
    """The exact values among the alternatives."""
    return frozenset(
        value
        for alternative in alternatives
        if typing.get_origin(alternative) in LITERALS
        for value in typing.get_args(alternative)
    )


def is_mapping(alternative: object) -> bool:
    """True for a hash with free names, such as metadata."""
    bare = typing.get_origin(alternative) or alternative
    return bare in (dict, UntypedStripeObject, StripeObject)


@cache
def _imports_of(module: str) -> dict[str, str]:
    file = inspect.getsourcefile(sys.modules[module])
    return imports(ast.parse(Path(file).read_text())) if file else {}
