"""Letters: worded in the reader's language, the same as page and as text, safe whatever a user wrote."""

import re
from dataclasses import replace

import pytest

from chalicelib.adapters.letters import LetterWriter
from chalicelib.adapters.letters.plot import HELLO
from chalicelib.adapters.letters.plots import PLOTS
from chalicelib.adapters.wording import wording
from chalicelib.adapters.wording.babel_wording import catalogue
from chalicelib.domain.appearance import Appearance
from chalicelib.domain.colour import luminance, parts_of
from chalicelib.domain.letter import Attachment, Letter
from chalicelib.domain.letter_kinds import KINDS, names_in
from chalicelib.domain.letter_text import BRACED, LetterText, checked
from chalicelib.domain.party import Address
from tests import builders as b

LINK = "https://quittance.example/portal/l/AQEB"
VALUES = {
    "client": "Marie Gagnon",
    "number": "F-00012",
    "invoice": "F-00011",
    "amount": "114,98 $",
    "by": "Luc Gagnon",
    "to": "marie@example.com",
    "reason": "550 no such user",
    "last4": "1234",
    "url": "https://erp.example.com/quittance",
    "count": "3",
    "since": "1er mars 2026",
    "until": "31 mars 2026",
    "online": "yes",
    "day": "9 mars 2026",
    "card": "visa 4242",
    "retry": "3 mars 2026",
    "plan": "Entretien",
    "program": "Xero",
    "batch": "Mars",
    "failed": "2",
    "period": "1er mars 2026 \N{EN DASH} 31 mars 2026",
}


def a_letter(template="invoice_sent", **more):
    plain = {
        "template": template,
        "business": b.a_business(),
        "language": "fr",
        "to": "marie@example.com",
        "values": VALUES,
        "facts": (("Montant à payer", "114,98 $"), ("Échéance", "1er avril 2026")),
        "link": LINK,
    }
    return Letter(**plain | more)


def composed(letter):
    return LetterWriter(wording=wording).compose(letter)


@pytest.mark.row("P23")
def test_the_client_is_told_that_an_invoice_has_arrived():
    mail = composed(a_letter())

    assert (mail.to, mail.from_name, mail.reply_to) == (
        "marie@example.com",
        "Plomberie Tremblay",
        "bureau@plomberie.example",
    )
    assert mail.subject == "Plomberie Tremblay : facture F-00012"
    assert mail.text.replace("\u00a0", " ") == (
        "Plomberie Tremblay\n\n"
        "Votre facture est arrivée\n\n"
        "Bonjour Marie Gagnon,\n\n"
        "Plomberie Tremblay vous a fait parvenir la facture F-00012. "
        "Vous pouvez la consulter et la payer en ligne à tout moment.\n\n"
        "Montant à payer : 114,98 $\n"
        "Échéance : 1er avril 2026\n\n"
        "Voir et payer la facture\n"
        "https://quittance.example/portal/l/AQEB\n\n"
        "Ce lien n\u2019est que pour vous : qui le possède peut voir vos documents.\n\n"
        "--\n"
        "Plomberie Tremblay\n"
        "12 rue Saint-Denis, Montréal QC H2X 1K1\n"
        "+1 514 555 0100 · bureau@plomberie.example\n"
    )


def test_a_declined_quote_is_told_to_the_business_in_english():
    mail = composed(a_letter("quote_declined", language="en", facts=(), link=None))

    assert mail.subject == "Marie Gagnon declined quote F-00012"
    assert mail.text == (
        "Plomberie Tremblay\n\n"
        "Your quote was declined\n\n"
        "For Marie Gagnon, Luc Gagnon declined quote F-00012.\n\n"
        "The reason given: 550 no such user\n\n"
        "--\n"
        "Plomberie Tremblay\n"
        "12 rue Saint-Denis, Montréal QC H2X 1K1\n"
        "+1 514 555 0100 · bureau@plomberie.example\n"
    )


def test_a_reason_that_was_not_given_leaves_no_trace():
    mail = composed(a_letter("quote_declined", language="en", values=VALUES | {"reason": ""}))

    assert "reason" not in mail.text
    assert "reason" not in mail.html


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("template", PLOTS)
def test_every_letter_says_as_a_page_what_it_says_as_text(template, language):
    mail = composed(a_letter(template, language=language))

    assert f'<html lang="{language}-CA">' in mail.html
    assert f'href="{LINK}"' in mail.html
    assert LINK in mail.text
    for line in filter(None, mail.text.split("\n--\n")[0].splitlines()):
        assert all(part in mail.html for part in line.replace("\u00a0:", ":").split(": ")), line


def test_every_sentence_of_every_letter_is_in_french():
    french = catalogue("fr")
    for plot in PLOTS.values():
        said = (plot.subject, plot.heading, plot.greeting, *plot.paragraphs, *plot.if_given.values(), plot.button)
        assert [key for key in (*said, plot.note) if key and key not in french] == []


def test_what_a_user_wrote_never_becomes_markup():
    hostile = '<script>alert(1)</script>"><img src=x>'

    mail = composed(
        a_letter(
            business=b.a_business(name=hostile, legal_name=hostile, address=Address(lines=(hostile,))),
            values=VALUES | {"client": hostile, "number": hostile},
            facts=((hostile, hostile),),
        )
    )

    assert "<script" not in mail.html
    assert "<img" not in mail.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in mail.html


def test_what_a_user_wrote_never_becomes_a_header():
    broken = "Luc\r\nBcc: all@example.com\x00"

    mail = composed(
        a_letter(
            to="marie@example.com\nBcc: all@example.com",
            business=b.a_business(name=broken, email=broken),
            values=VALUES | {"number": broken},
        )
    )

    for header in (mail.to, mail.subject, mail.from_name, mail.reply_to):
        assert header.isprintable()


def test_values_are_filled_in_once_so_braces_of_a_user_stay_braces():
    mail = composed(a_letter(values=VALUES | {"client": "{business.email} {0}"}))

    assert "Bonjour {business.email} {0}," in mail.text


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "//evil.example"])
def test_a_link_that_is_no_web_address_is_left_out(link):
    mail = composed(a_letter(link=link))

    assert link not in mail.html + mail.text


def test_an_image_or_style_from_elsewhere_is_never_fetched():
    html = composed(a_letter()).html

    assert "<img" not in html
    assert "<link" not in html
    assert "url(" not in html


def test_attachments_and_tags_go_with_it():
    pdf = Attachment(name="F-00012.pdf", content_type="application/pdf", body=b"%PDF")

    mail = composed(a_letter(attachments=(pdf,), tags={"document": "inv_1"}))

    assert mail.attachments == (pdf,)
    assert mail.tags == {"document": "inv_1"}


def test_a_business_without_an_address_of_its_own_gets_no_replies():
    assert composed(a_letter(business=replace(b.a_business(), email=None))).reply_to is None


def test_every_letter_to_a_client_can_be_worded_and_none_to_the_business():
    assert {kind for kind, plot in PLOTS.items() if plot.greeting == HELLO} == set(KINDS)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_we_say_can_be_taken_over_as_it_is_and_then_says_the_same(kind, language):
    values = {name: name.upper() for name in names_in(kind)} | {"online": ""}
    letter = a_letter(kind, language=language, values=values)
    ours = LetterWriter(wording=wording).ours(kind, language=language, country="CA")

    taken_over = replace(letter, own=checked(ours, names_in(kind)))

    assert composed(taken_over).text == composed(letter).text
    assert composed(taken_over).subject == composed(letter).subject


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_letter_of_ours_names_a_business_can_name_too(kind):
    plot = PLOTS[kind]
    said = (plot.subject, plot.greeting, *plot.paragraphs, *plot.if_given.values())

    assert {name for line in said for name in BRACED.findall(line)} <= set(names_in(kind))


def test_the_words_of_the_business_stand_where_it_wrote_some_in_the_page_and_in_the_text():
    own = LetterText(
        heading="Merci, {client} !", paragraphs=("Facture {number} :\npar virement", "À bientôt"), button="Payer"
    )

    mail = composed(a_letter(own=own))

    assert mail.subject == "Plomberie Tremblay : facture F-00012"
    assert mail.text.replace("\u00a0", " ").startswith(
        "Plomberie Tremblay\n\nMerci, Marie Gagnon !\n\nBonjour Marie Gagnon,\n\n"
        "Facture F-00012 :\npar virement\n\nÀ bientôt\n\nMontant à payer : 114,98 $\nÉchéance : 1er avril 2026\n\n"
        "Payer\nhttps://quittance.example/portal/l/AQEB\n\nCe lien"
    )
    for line in ("Merci, Marie Gagnon\u00a0!</h1>", "Facture F-00012\u00a0:\npar virement</p>", ">Payer</a>"):
        assert line in mail.html


def test_only_french_has_its_signs_held_to_the_word_before_them():
    own = LetterText(heading="« Merci » : oui ; non ?")

    french, english = (composed(a_letter(own=own, language=language)).text for language in ("fr", "en"))

    assert "«\u00a0Merci\u00a0»\u00a0: oui\u00a0; non\u00a0?" in french
    assert "« Merci » : oui ; non ?" in english


def test_what_a_business_wrote_never_becomes_markup_or_a_header():
    hostile = '<script>alert(1)</script>"><img src=x>'

    mail = composed(
        a_letter(
            own=LetterText(
                subject=f"x\r\nBcc: a@b.ca {hostile}",
                heading=hostile,
                greeting=hostile,
                paragraphs=(hostile,),
                button=hostile,
            )
        )
    )

    assert "<script" not in mail.html
    assert "<img" not in mail.html
    assert mail.subject.isprintable()


def contrast(one, other):
    lighter, darker = sorted((luminance(parts_of(one)), luminance(parts_of(other))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    ("accent", "worn"),
    [
        pytest.param(None, "#0b5d4e", id="none of its own"),
        pytest.param("#1d4ed8", "#1d4ed8", id="one in which text can be read"),
        pytest.param("#000000", "#000000", id="black"),
        pytest.param("#facc15", None, id="a yellow, which is darkened"),
        pytest.param("#ffffff", None, id="white, too"),
    ],
)
def test_a_letter_wears_the_colour_of_the_business_and_can_be_read(accent, worn):
    html = composed(a_letter(business=b.a_business(appearance=Appearance(accent=accent)))).html

    (button,) = re.findall(r'<td bgcolor="(#\w{6})" style="background-color:\1;border-radius:9px">', html)
    (link,) = re.findall(r'style="color:(#\w{6});word-break', html)
    (soft,) = re.findall(r'bgcolor="(#\w{6})" style="margin:24px', html)
    (ground,) = re.findall(r'<body style="[^"]*background-color:(#\w{6})', html)
    (label,) = set(re.findall(r"line-height:20px;color:(#\w{6});vertical-align", html))
    (foot,) = re.findall(r"line-height:19px;color:(#\w{6})", html)
    pairs = [("#ffffff", button), (link, "#ffffff"), (label, soft), (foot, ground)]
    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []
    assert button == worn or (worn is None and button not in {accent, "#0b5d4e"})


def test_an_unknown_letter_is_an_error():
    with pytest.raises(KeyError):
        composed(a_letter("newsletter"))


def test_a_value_that_is_missing_is_an_error():
    with pytest.raises(KeyError):
        composed(a_letter(values={"client": "Marie Gagnon"}))
