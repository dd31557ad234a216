"""The words of a business in its letters to clients: written, taken back, and said in every mail from then on."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.business import Business
from chalicelib.domain.errors import NotFound, Stale
from chalicelib.domain.letter import Letter
from chalicelib.domain.letter_events import LetterRemoved, LetterWritten
from chalicelib.domain.letter_kinds import KINDS, must_be_written, names_in
from chalicelib.domain.letter_text import LetterText, OwnLetter, checked, own_id
from chalicelib.domain.wording import first_of
from chalicelib.ports import Add, Filter, Remove, Save, Store
from chalicelib.usecases.checking import commit_anew, unchanged
from chalicelib.usecases.reading import every

AT_ONCE = 100


def own_letters(store: Store) -> dict[str, OwnLetter]:
    """All that the business wrote, by kind and language; also in languages that it has left since."""
    return {one.id: one for one in every(OwnLetter, Filter(), store, at_once=AT_ONCE)}


def own_letter(kind: str, language: str, *, business: Business, store: Store) -> OwnLetter | None:
    """What the business wrote; None where all is said in our words.

    Raises Invalid for a letter that it cannot write (see ``must_be_written``).
    """
    own = store.find(OwnLetter, own_id(kind, language))
    if own is None:
        must_be_written(kind, language, business)
    return own


def write_letter(
    kind: str, language: str, text: LetterText, *, if_match: int | None, now: datetime, store: Store
) -> OwnLetter:
    """Word a letter from the next mail on; what the text leaves out is said in our words.

    Raises Invalid (see ``must_be_written`` and ``checked``), Stale where a text is to be changed that is not there.
    """

    def deed() -> OwnLetter:
        must_be_written(kind, language, store.get(Business))
        words, id = checked(text, names_in(kind)), own_id(kind, language)
        known = store.find(OwnLetter, id)
        if known is None and if_match is not None:
            raise Stale("stale", f"You cannot change the letter {id} because it is in our words now.")
        before = unchanged(known, if_match).version if known else len(store.history(_subject(id)))
        own = OwnLetter(id=id, version=before + 1, text=words)
        event = LetterWritten(
            subject=_subject(id), version=own.version, at=now, kind=kind, language=language, fields=words.written
        )
        commit_anew(store, [Save(own, event) if known else Add(own, event)], lost="Somebody else wrote this letter.")
        return own

    return store.persistently(deed)


def remove_letter(kind: str, language: str, *, if_match: int | None, now: datetime, store: Store) -> None:
    """Have a letter in our words again, from the next mail on. Raises NotFound where it is."""

    def deed() -> None:
        own = store.find(OwnLetter, own_id(kind, language))
        if own is None:
            raise NotFound("text of your own for the letter", own_id(kind, language))
        event = LetterRemoved(
            subject=_subject(own.id),
            version=unchanged(own, if_match).version + 1,
            at=now,
            kind=kind,
            language=language,
        )
        store.commit(Remove(own, event))

    store.persistently(deed)


def in_own_words(letter: Letter, store: Store) -> Letter:
    """The letter with the words of the business, as they are now."""
    if letter.template not in KINDS:
        return letter
    own = store.find(OwnLetter, own_id(letter.template, first_of(letter.language)))
    return replace(letter, own=own.text) if own else letter


def own_texts(letters: Iterable[tuple[str, str]], store: Store) -> dict[tuple[str, str], LetterText]:
    """What the business wrote of some letters, each a kind and a language."""
    ids = {own_id(kind, language) for kind, language in letters}
    return {(own.kind, own.language): own.text for own in (store.many(OwnLetter, ids) if ids else ())}


def _subject(id: str) -> str:
    return f"letter:{id}"
