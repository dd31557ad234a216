"""The text of an expression to a tree: tokens, paths, operands and conditions.

A tree is made of tuples: ("and", a, b), ("or", a, b), ("not", a), ("=", x, y) and the other comparators,
("between", x, low, high), ("in", x, (y, ...)), ("attribute_exists", path)...; an operand is ("path", (name, 0, ...)),
("value", ":v") or ("size", operand).
"""

import re
from collections.abc import Mapping
from typing import Any, NoReturn

from tests.simulation.aws.errors import invalid
from tests.simulation.aws.reserved import RESERVED
from tests.simulation.aws.values import length

Tree = tuple[Any, ...]
Path = tuple[str | int, ...]

TOKEN = re.compile(r"\s*(<>|<=|>=|[=<>(),+\-.\[\]]|[:#]?[A-Za-z_0-9]+)")
LONGEST = 4096  # bytes of an expression
COMPARATORS = {"=", "<>", "<", "<=", ">", ">="}
TESTS = {"attribute_exists": 1, "attribute_not_exists": 1, "attribute_type": 2, "begins_with": 2, "contains": 2}


class Reader:
    """Reads one expression.

    kind:  what AWS calls it (ConditionExpression...), for its refusals.
    names: what each ``#name`` stands for.
    used_names, used_values: the placeholders met so far.
    """

    def __init__(self, kind: str, text: str, names: Mapping[str, str]) -> None:
        self.kind, self.names = kind, names
        self.used_names: set[str] = set()
        self.used_values: set[str] = set()
        self.paths: set[Path] = set()
        if (size := length(text)) > LONGEST:
            self.refuse(f"Expression size has exceeded the maximum allowed size; expression size: {size}")
        self._tokens, self._at = self._split(text), 0
        if not self._tokens:
            self.refuse("The expression can not be empty;")

    # --- tokens

    def _split(self, text: str) -> list[str]:
        tokens, at, end = [], 0, len(text.rstrip())
        while at < end:
            found = TOKEN.match(text, at)
            if found is None:
                self.refuse(f'Syntax error; token: "{text[at:].strip()[:1]}", near: "{text[max(0, at - 5) : at + 5]}"')
            tokens.append(found[1])
            at = found.end()
        return tokens

    @property
    def token(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else "<EOF>"

    def take(self) -> str:
        token = self.token
        self._at += 1
        return token

    def met(self, *words: str) -> str | None:
        """Take the next token if it is one of these words."""
        return self.take().upper() if self.token.upper() in words else None

    def expect(self, word: str) -> None:
        if self.met(word) is None:
            self.refuse_token()

    def finish(self) -> None:
        if self._at < len(self._tokens):
            self.refuse_token()

    def refuse(self, why: str) -> NoReturn:
        invalid(f"Invalid {self.kind}: {why}")

    def refuse_token(self) -> NoReturn:
        near = " ".join(self._tokens[max(0, self._at - 1) : self._at + 2])
        self.refuse(f'Syntax error; token: "{self.token}", near: "{near}"')

    # --- operands

    def operand(self) -> Tree:
        if self.token.startswith(":"):
            self.used_values.add(self.token)
            return ("value", self.take())
        if self.token == "size" and self._tokens[self._at + 1 : self._at + 2] == ["("]:
            self.take()
            self.expect("(")
            inner = self.operand()
            self.expect(")")
            return ("size", inner)
        return ("path", self.path())

    def path(self) -> Path:
        parts: list[str | int] = [self._name()]
        while self.token in {".", "["}:
            if self.take() == ".":
                parts.append(self._name())
                continue
            if not self.token.isdigit():
                self.refuse_token()
            parts.append(int(self.take()))
            self.expect("]")
        self.paths.add(tuple(parts))
        return tuple(parts)

    def _name(self) -> str:
        token = self.token
        if token.startswith("#"):
            self.used_names.add(token)
            if token not in self.names:
                self.refuse(
                    f"An expression attribute name used in the document path is not defined; attribute name: {token}"
                )
            return self.names[self.take()]
        if not (token[0].isalpha() or token[0] == "_") or self._at >= len(self._tokens):
            self.refuse_token()
        if token.upper() in RESERVED:
            self.refuse(f"Attribute name is a reserved keyword; reserved keyword: {token}")
        return self.take()

    # --- conditions

    def condition(self) -> Tree:
        tree = self._all_of()
        while self.met("OR"):
            tree = ("or", tree, self._all_of())
        return tree

    def _all_of(self) -> Tree:
        tree = self._one()
        while self.met("AND"):
            tree = ("and", tree, self._one())
        return tree

    def _one(self) -> Tree:
        if self.met("NOT"):
            return ("not", self._one())
        if self.met("("):
            tree = self.condition()
            self.expect(")")
            return tree
        if self.token in TESTS:
            return self._test()
        return self._comparison()

    def _test(self) -> Tree:
        name = self.take()
        self.expect("(")
        arguments = [self.operand()]
        while self.met(","):
            arguments.append(self.operand())
        self.expect(")")
        if len(arguments) != TESTS[name]:
            self.refuse(f"Incorrect number of operands for operator or function; operator or function: {name}, "
                        f"number of operands: {len(arguments)}")  # fmt: skip
        if name.startswith("attribute") and arguments[0][0] != "path":
            self.refuse(f"Operator or function requires a document path; operator or function: {name}")
        return (name, *arguments)

    def _comparison(self) -> Tree:
        left = self.operand()
        if self.met("BETWEEN"):
            low = self.operand()
            self.expect("AND")
            return ("between", left, low, self.operand())
        if self.met("IN"):
            self.expect("(")
            choices = [self.operand()]
            while self.met(","):
                choices.append(self.operand())
            self.expect(")")
            return ("in", left, tuple(choices))
        if self.token not in COMPARATORS:
            self.refuse_token()
        return (self.take(), left, self.operand())
