"""The marks that laws want on papers: what is printed by itself, and what a business must say before that."""

from collections.abc import Iterator
from typing import Final

from chalicelib.domain import marks_canada, marks_france, marks_france_dwellings, marks_union
from chalicelib.domain.document import Passage
from chalicelib.domain.errors import Fault, Refused
from chalicelib.domain.mark import Case, Need, PaperKind, Rule
from chalicelib.domain.values import dataclass
from chalicelib.domain.wording import Wording

RULES: Final = (*marks_canada.RULES, *marks_france.RULES, *marks_france_dwellings.RULES, *marks_union.RULES)
"""Businesses of other countries are bound by none of them."""
_RULES_OF: Final = {
    country: tuple(rule for rule in RULES if country in rule.sellers)
    for country in {country for rule in RULES for country in rule.sellers}
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a rule has printed, in the reader's language."""

    rule: Rule
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What a rule wants and the business has not said."""

    rule: Rule
    need: Need

    def __str__(self) -> str:
        return f"{self.need.what} ({self.rule.id}: {self.rule.source}; set {self.need.at})"


def notices_of(case: Case, wording: Wording) -> tuple[Notice, ...]:
    """What the law wants said in words on this paper."""
    return tuple(Notice(rule=rule, text=rule.said(case, wording)) for rule in _binding(case) if rule.said)


def legal_notices(case: Case, wording: Wording) -> tuple[Passage, ...]:
    """The same as passages of a document, one for each title; none where the law wants nothing."""
    passages: dict[str, list[str]] = {}
    for notice in notices_of(case, wording):
        passages.setdefault(wording.text(notice.rule.title), []).extend(notice.text.splitlines())
    return tuple(Passage(title=title, paragraphs=tuple(lines)) for title, lines in passages.items())


def missing_marks(case: Case) -> tuple[Missing, ...]:
    """What the law wants on this paper and nobody has said, each once."""
    missing: dict[Need, Missing] = {}
    for rule in _binding(case):
        for need in rule.needs:
            if (need.own or case.kind is not PaperKind.CREDIT_NOTE) and not need.known(case):
                missing.setdefault(need, Missing(rule=rule, need=need))
    return tuple(missing.values())


def must_be_stated(case: Case, name: str, *, deed: str = "issue") -> None:
    """Raise Refused (``mark_missing``), which names each rule, its source and where the missing mark is set."""
    if missing := missing_marks(case):
        reasons = ", and ".join(f"{one}" for one in missing)
        faults = [Fault("", one.rule.id, f"The law wants {one.need.what}; set {one.need.at}.") for one in missing]
        raise Refused("mark_missing", f"You cannot {deed} {name} because the law wants {reasons}.", faults=faults)


def _binding(case: Case) -> Iterator[Rule]:
    return (rule for rule in _RULES_OF.get(case.seller.home or "", ()) if rule.binds(case))
