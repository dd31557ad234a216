"""Bugs in exports: documents twice in a program, in two exports, or marked and in no file."""

from typing import Any
from unittest.mock import patch

from chalicelib.adapters.accounting import Xero
from chalicelib.domain import export as exports
from infra.local.accounting import Program
from tests.simulation.planted.book import both, bug

TO_A_PROGRAM = ("it_is_booked_in_a_program",)
TO_A_FILE = ("what_there_is_is_exported_by_several_at_once", "it_is_exported_while_it_changes")


@bug("nobody looks whether a document is in the program already", *TO_A_PROGRAM, when="receiver_lost_answer")
def booked_twice() -> Any:
    """The program's own memory of requests, which ends some day, is left out too."""
    right = Program.answer

    def forgetful(program: Program, *asked: Any) -> Any:
        program._answers.clear()
        return right(program, *asked)

    return both(patch.object(Xero, "_found", lambda *_: None), patch.object(Program, "answer", forgetful))


@bug("what another export has marked meanwhile is marked once more", *TO_A_FILE)
def taken_from_another() -> Any:
    return patch.object(exports, "is_free_for", lambda *_: True)


@bug("a page that is done again leaves out what it had marked before somebody died", *TO_A_FILE, when="crash_after")
def left_out_after_a_crash() -> Any:
    return patch.object(exports, "is_in", lambda *_: False)
