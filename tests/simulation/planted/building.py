"""Bugs in projects: what is due is asked for before the contract says so, and an amendment that forgets it."""

from typing import Any
from unittest.mock import patch

from chalicelib.adapters.dynamodb.store import DynamoStore
from chalicelib.domain.project import Project
from chalicelib.ports import Save
from tests.simulation.planted.book import bug, commits

PROJECTS = ("a_project_goes_on_while_it_is_billed",)


@bug("a situation is asked for first, and written into its contract afterwards", *PROJECTS)
def a_situation_in_two_steps() -> Any:
    def in_two(store: DynamoStore, changes: tuple[Any, ...], right: Any) -> None:
        first = changes[0]
        if len(changes) > 1 and isinstance(first, Save) and first.because.type == "contract.progressed":
            right(store, *changes[1:])
            right(store, first)
        else:
            right(store, *changes)

    return commits(in_two)


@bug("a project is amended as if nothing had been asked for it", *PROJECTS)
def an_amendment_that_forgets() -> Any:
    def anew(before: Project, wanted: Project) -> Project:
        return wanted

    return patch("chalicelib.domain.contract_life.agreed_anew", anew)
