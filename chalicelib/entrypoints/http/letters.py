"""/v1/business/letters: what the mails to clients say, in the business's words or in ours."""

from chalicelib import wiring
from chalicelib.domain.letter_kinds import KINDS, languages_of
from chalicelib.domain.letter_text import OwnLetter, own_id
from chalicelib.entrypoints.http.contract import Answer, Call, operation
from chalicelib.entrypoints.http.shapes.letters import (
    ComposedOut,
    LetterOut,
    LettersOut,
    LetterTextIn,
    PreviewLetterIn,
)
from chalicelib.usecases import own_letters
from chalicelib.usecases.sample_letters import preview_letter


def _shown(call: Call, kind: str, language: str, own: OwnLetter | None) -> LetterOut:
    ours = wiring.writer().ours(kind, language=language, country=call.business.country)
    return LetterOut.of(kind, language, own, ours)


def _shown_again(call: Call, _: str) -> LetterOut:
    kind, language = call.parts["kind"], call.parts["language"]
    return _shown(call, kind, language, call.store.find(OwnLetter, own_id(kind, language)))


@operation("GET", "/business/letters", needs="business.read", answer=LettersOut)
def list_letters(call: Call) -> LettersOut:
    """The letters to clients: what each can name, what the business wrote, and what we say where it wrote nothing.

    A text in a language that the business has left is listed, too, while older documents are mailed in it.
    """
    written = own_letters.own_letters(call.store)
    languages = dict.fromkeys([*languages_of(call.business), *(own.language for own in written.values())])
    return LettersOut(
        data=[
            _shown(call, kind, language, written.get(own_id(kind, language)))
            for language in languages
            for kind in KINDS
        ]
    )


@operation("GET", "/business/letters/{kind}/{language}", needs="business.read", answer=LetterOut, refusals=(422,))
def get_letter(call: Call, kind: str, language: str) -> LetterOut:
    """One letter to clients in one language."""
    own = own_letters.own_letter(kind, language, business=call.business, store=call.store)
    return _shown(call, kind, language, own)


@operation(
    "PUT",
    "/business/letters/{kind}/{language}",
    needs="business.write",
    body=LetterTextIn,
    answer=LetterOut,
    refusals=(412,),
    again=_shown_again,
)
def write_letter(call: Call, kind: str, language: str, body: LetterTextIn) -> LetterOut:
    """Word a letter to clients, from the next mail on; what is left out is said in our words."""
    own = own_letters.write_letter(kind, language, body.text(), if_match=call.if_match, now=call.now, store=call.store)
    return _shown(call, kind, language, own)


@operation("DELETE", "/business/letters/{kind}/{language}", needs="business.write", status=204, refusals=(404, 412))
def remove_letter(call: Call, kind: str, language: str) -> Answer:
    """Have a letter in our words again, from the next mail on."""
    own_letters.remove_letter(kind, language, if_match=call.if_match, now=call.now, store=call.store)
    return Answer()


@operation(
    "POST",
    "/business/letters/{kind}/{language}/preview",
    needs="business.write",
    body=PreviewLetterIn,
    answer=ComposedOut,
    refusals=(404, 409),
    harmless=True,
)
def preview_letter_to_client(call: Call, kind: str, language: str, body: PreviewLetterIn) -> ComposedOut:
    """A letter as it would go out, of an invoice or of a sample; nothing is sent, and its link opens nothing."""
    letter = preview_letter(
        kind,
        language,
        text=body.text.text() if body.text else None,
        invoice_id=body.invoice_id,
        now=call.now,
        store=call.store,
        wordings=wiring.wording,
        link=f"{wiring.config().public_url}/portal/l/...",
    )
    return ComposedOut.of(wiring.writer().compose(letter))
