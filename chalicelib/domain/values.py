"""`dataclass`, whose frozen values have their methods written when one is first asked for.

Python writes and compiles the methods of a dataclass where it is defined, at half a millisecond each. There are five
hundred; a function's first task meets some sixty, and its cold start would pay for all (infra/decisions/0037). Fields,
slots and types are the standard library's own, and so are the methods, once they are there.
"""

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool = False, order: bool = False, eq: bool = True, **options: bool) -> Callable:
        """As the standard library's; what is not frozen, or ordered, or not compared by its fields, it makes itself."""
        if not frozen or order or not eq:
            return dataclasses.dataclass(frozen=frozen, order=order, eq=eq, **options)

        def value(kind: type) -> type:
            kind.__doc__ = kind.__doc__ or kind.__name__  # without one, dataclass would put a signature together
            made = dataclasses.dataclass(init=False, repr=False, eq=False, **options)(kind)
            for name in (*_WRITTEN_LATER, *_ALIKE):
                if name not in vars(kind):
                    setattr(made, name, vars(_Unwritten)[name])
            return made

        return value


class _Unwritten:
    """What stands in a value's class until its own methods do; the last four are alike for all and remain."""

    def __init__(self, *values: object, **named: object) -> None:
        _written(type(self)).__init__(self, *values, **named)

    def __repr__(self) -> str:
        return str(_written(type(self)).__repr__(self))

    def __eq__(self, other: object) -> bool:
        return _written(type(self)).__eq__(self, other)  # type: ignore[no-any-return]  # NotImplemented, too

    def __hash__(self) -> int:
        return int(_written(type(self)).__hash__(self))

    def __setattr__(self, name: str, value: object) -> None:
        raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")

    def __getstate__(self) -> list[object]:
        return [getattr(self, field.name) for field in dataclasses.fields(self)]  # type: ignore[arg-type]

    def __setstate__(self, state: list[object]) -> None:
        for field, value in zip(dataclasses.fields(self), state, strict=True):  # type: ignore[arg-type]
            object.__setattr__(self, field.name, value)


_WRITTEN_LATER = ("__init__", "__repr__", "__eq__", "__hash__")
_ALIKE = ("__setattr__", "__delattr__", "__getstate__", "__setstate__")


def _written(kind: Any) -> Any:  # noqa: ANN401 - any value's class
    """The class of a value with its own methods. Two threads may do this at once: the same comes out."""
    kind = next(each for each in kind.__mro__ if "__dataclass_fields__" in vars(each))
    fields = [(field.name, field.type, field) for field in dataclasses.fields(kind)]
    also = {name: getattr(kind, name) for name in ("__doc__", "__post_init__") if hasattr(kind, name)}
    twin = dataclasses.make_dataclass(kind.__name__, fields, namespace=also, frozen=True)
    for name in _WRITTEN_LATER:
        if vars(kind)[name] is vars(_Unwritten)[name]:
            setattr(kind, name, vars(twin)[name])
    return kind
