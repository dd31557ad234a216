"""A business's own words in the mails to its clients: written over HTTP, read in the mail that went out."""

import pytest

from chalicelib.domain.letter_kinds import KINDS
from tests.flows import wallet
from tests.flows.desk import LEASE, MARIE, at_once, delivery, send, sent, take
from tests.flows.test_receipts import on_account

PLACE = "/v1/business/letters/invoice_sent"
OWN = {
    "subject": "Votre facture {number} de {amount_due}",
    "heading": "Merci de votre confiance",
    "greeting": "Chère {client},",
    "paragraphs": ["Voici la facture {number}.\nÀ payer avant le {due_date}.", "L'équipe de {business}"],
    "button": "Payer ma facture",
}


@pytest.fixture
def house(world):
    world.ok("PATCH", "/v1/business", {"languages": ["fr", "en"]})
    return world


def write(world, kind="invoice_sent", language="fr", text=OWN, **more):
    return world.api("PUT", f"/v1/business/letters/{kind}/{language}", text, **more)


def said(mail):
    return mail.text.replace("\r\n", "\n")


@pytest.mark.row("K20")
def test_k20_a_mail_says_the_words_of_the_business_in_french_and_ours_in_english(house):
    assert write(house).status == 200

    draft = sent(house)
    sent(house, house.client(email="ann@example.com", name="Ann Lee", language="en"))

    (french,), (english,) = house.mails_to(MARIE), house.mails_to("ann@example.com")
    assert french.subject == "Votre facture 00001 de 1 149,75 $"
    assert said(french).startswith(
        "Plomberie Tremblay\n\nMerci de votre confiance\n\nChère Marie Gagnon,\n\n"
        "Voici la facture 00001.\nÀ payer avant le 1er avril 2026.\n\nL'équipe de Plomberie Tremblay\n\n"
        "Facture : 00001\nMontant à payer : 1 149,75 $\nÉchéance : 1er avril 2026\n\nPayer ma facture\nhttp"
    )
    assert "Chère Marie Gagnon," in french.html
    assert "Payer ma facture</a>" in french.html
    assert english.subject == "Invoice 00002 from Plomberie Tremblay"
    assert "Your invoice has arrived" in english.text
    assert house.see(draft)["sent_at"] is not None


@pytest.mark.row("K20")
def test_in_quebec_a_document_in_both_languages_is_mailed_in_the_words_written_in_french(world):
    world.ok("PATCH", "/v1/business", {"languages": ["en+fr"]})
    write(world)
    assert write(world, language="en").problem == (422, "unknown_language")

    sent(world, world.client(language="en+fr"))

    (mail,) = world.mails_to(MARIE)
    assert mail.subject == "Votre facture 00001 de 1 149,75 $"


@pytest.mark.row("K21", "K25")
def test_k21_what_goes_out_by_itself_says_the_words_of_the_business_and_brings_the_pdf(house):
    house.ok("PATCH", "/v1/business", {"automation": {"invoice_on_quote_approval": "single", "send": "at_once"}})
    write(house)

    house.approve(house.quote())
    house.settle(times=3)

    (mail,) = house.mails_to(MARIE)
    assert mail.subject == "Votre facture 00001 de 1 149,75 $"
    assert [(name, body[:5]) for name, body in mail.attachments.items()] == [("00001.pdf", b"%PDF-")]


@pytest.mark.row("K20")
def test_every_letter_to_a_client_says_what_the_business_wrote_with_all_that_it_always_has(house):
    """A subject that names what a letter lacks is ours: a letter that is not given a value is found out."""
    letters = house.ok("GET", "/v1/business/letters")["data"]
    assert [one["kind"] for one in letters] == [*KINDS, *KINDS]
    for one in letters:
        names = [f"{{{each['name']}}}" for each in one["placeholders"] if each["always"]]
        if one["language"] == "fr":
            assert write(house, one["kind"], text={"subject": "|".join([one["kind"], *names])}).status == 200

    told_of_everything(house)

    subjects = [mail.subject.strip() for mail in house.mails_to(MARIE)]
    told = {subject.partition("|")[0]: subject for subject in subjects}
    by_ladder = {kind for kind in KINDS if kind.startswith("reminder_")}
    assert set(told) == set(KINDS) - by_ladder
    assert told["quote_sent"] == "quote_sent|Marie Gagnon|Plomberie Tremblay|Q-00001|1 149,75 $"
    assert told["receipt"] == "receipt|Marie Gagnon|Plomberie Tremblay|00001|100,00 $|2 mars 2026|1 049,75 $"
    assert told["statement"].startswith("statement|Marie Gagnon|Plomberie Tremblay|1er mars 2026|2 mars 2026|")


def told_of_everything(house):
    """Every letter but those of the ladder."""
    client = house.client()
    house.ok("POST", f"/v1/quotes/{house.quote(client)['id']}/send", {})
    invoice = sent(house, client)
    house.ok("POST", f"/v1/invoices/{invoice['id']}/remind", {})
    house.settle()
    paid = take(house, invoice, "100.00")
    house.settle()
    house.invoice(client)
    on_account(house, client, "2000.00")
    on_account(house, house.client(), "50.00")
    house.settle()
    house.ok("POST", f"/v1/payments/{paid['id']}/refunds", {"amount": "10.00", "reason": "Trop"})
    house.ok("POST", f"/v1/clients/{client['id']}/statement/send", {})
    later = house.invoice(client)
    house.ok("POST", f"/v1/invoices/{later['id']}/credit-notes", {"amount": "20.00", "reason": "Geste", "send": True})
    house.settle()
    method = wallet.stores_card(house, client)
    wallet.becomes(house, method, wallet.CAREFUL)
    wallet.charge(house, house.invoice(client))
    house.settle()


@pytest.mark.row("K20")
def test_a_line_that_names_what_a_letter_lacks_is_left_out_of_it(house):
    card = ["Reçu de {amount}.", "Votre carte {card} a été débitée."]
    write(house, "receipt", text={"subject": "Carte {card}", "paragraphs": card})

    take(house, sent(house), "100.00")
    house.settle()

    mail = house.mails_to(MARIE)[-1]
    assert mail.subject == "Votre paiement de 100,00 $ pour la facture 00001"
    assert "Reçu de 100,00 $." in mail.text
    assert "débitée" not in mail.text + mail.html


@pytest.mark.row("C44")
def test_a_mail_tried_again_says_the_words_of_then_and_goes_out_once(house):
    draft = house.draft()
    send(house, draft)
    house.faults.refuse("ses", "SendRawEmail", "Throttling", "Maximum sending rate exceeded")
    house.settle(failures=1)

    write(house)
    house.time.pass_(**LEASE)
    house.settle(times=2)

    assert [mail.subject for mail in house.mails_to(MARIE)] == ["Votre facture 00001 de 1 149,75 $"]
    assert delivery(house, draft) == ("sent", "sent", True)


def test_a_reminder_says_the_words_in_its_preview_and_runs_only_as_it_was_shown(house):
    ladder = [{"days": 1, "tone": "firm"}]
    house.ok("PATCH", "/v1/business", {"reminders": ladder, "automation": {"remind": False}})
    write(house, "reminder_firm", text={"subject": "{number}, {days_overdue} jours, {amount_due}"})
    house.invoice(due_date="2026-03-10")
    house.settle()
    house.time.move_to("2026-03-16T14:00:00Z")

    plan = house.ok("POST", "/v1/reminders/preview", {}).body
    assert [one["subject"] for one in plan["reminders"]] == ["00001, 6 jours, 1 149,75 $"]
    write(house, "reminder_firm", text={"subject": "Rappel {number}"})
    refused = house.api("POST", "/v1/reminders/run", {"plan_hash": plan["plan_hash"]})
    assert refused.problem == (409, "plan_changed")
    plan = house.ok("POST", "/v1/reminders/preview", {}).body
    house.ok("POST", "/v1/reminders/run", {"plan_hash": plan["plan_hash"]})
    house.settle()

    assert [mail.subject for mail in house.mails_to(MARIE)] == ["Rappel 00001"]


def test_a_letter_is_read_written_anew_and_taken_back(house):
    read = house.ok("GET", f"{PLACE}/fr")
    assert (read["version"], read["own"], "etag" in read.headers) == (None, None, False)
    assert read["ours"]["subject"] == "{business} : facture {number}".replace(" :", "\N{NO-BREAK SPACE}:")

    first = write(house, text={"subject": "Facture {number}"})
    assert (first["version"], first.headers["etag"], first["own"]["heading"]) == (1, '"1"', None)
    assert write(house, If_Match='"2"').problem == (412, "stale")
    assert write(house, If_Match='"1"')["version"] == 2
    assert house.ok("GET", f"{PLACE}/fr")["own"] == OWN
    listed = {(one["kind"], one["language"]): one for one in house.ok("GET", "/v1/business/letters")["data"]}
    assert listed["invoice_sent", "fr"]["own"] == OWN
    assert listed["invoice_sent", "en"]["own"] is None

    assert house.api("DELETE", f"{PLACE}/fr", If_Match='"1"').problem == (412, "stale")
    assert house.api("DELETE", f"{PLACE}/fr").status == 204
    assert house.api("DELETE", f"{PLACE}/fr").problem == (404, "not_found")
    assert write(house, If_Match='"2"').problem == (412, "stale")
    assert write(house)["version"] == 4
    house.settle()
    told = [one for one in house.ok("GET", "/v1/events?after_sequence=0")["data"] if one["type"].startswith("letter.")]
    assert [one["type"] for one in told] == ["letter.written", "letter.written", "letter.removed", "letter.written"]
    assert told[0]["data"] == {"kind": "invoice_sent", "language": "fr", "fields": ["subject"]}


def test_two_who_write_a_letter_for_the_first_time_both_write_it_one_after_the_other(house):
    answers = at_once(*(lambda n=n: write(house, text={"subject": f"Facture {n}"}) for n in (1, 2)))

    assert sorted(one["version"] for one in answers) == [1, 2]


def test_what_was_written_in_a_language_that_was_left_stays_for_older_documents(house):
    older = house.draft()
    write(house)
    house.ok("PATCH", "/v1/business", {"languages": ["en"]})

    send(house, older)
    house.settle()

    assert house.mails_to(MARIE)[-1].subject == "Votre facture 00001 de 1 149,75 $"
    assert {one["language"] for one in house.ok("GET", "/v1/business/letters")["data"]} == {"en", "fr"}
    assert house.ok("GET", f"{PLACE}/fr")["own"] == OWN
    assert house.api("GET", "/v1/business/letters/receipt/fr").problem == (422, "unknown_language")
    assert house.api("DELETE", f"{PLACE}/fr").status == 204


@pytest.mark.parametrize(
    ("place", "text", "fault"),
    [
        ("invoice_sent/fr", {"subject": "{since}"}, ("/subject", "unknown_placeholder")),
        ("invoice_sent/fr", {"paragraphs": ["Bonjour", "{client"]}, ("/paragraphs/1", "unbalanced_brace")),
        ("invoice_sent/fr", {"subject": "x" * 201}, ("/subject", "too_long")),
        ("invoice_sent/fr", {"heading": "x" * 201}, ("/heading", "too_long")),
        ("invoice_sent/fr", {"button": "x" * 61}, ("/button", "too_long")),
        ("invoice_sent/fr", {"paragraphs": ["x" * 1001]}, ("/paragraphs/0", "too_long")),
        ("invoice_sent/fr", {"paragraphs": ["x"] * 13}, ("/paragraphs", "too_long")),
        ("invoice_sent/fr", {"paragraphs": []}, ("/paragraphs", "too_short")),
        ("invoice_sent/fr", {"paragraphs": [" \n "]}, ("/paragraphs/0", "empty")),
        ("invoice_sent/fr", {"subject": "Facture\r\nBcc: a@b.ca"}, ("/subject", "control_character")),
        ("invoice_sent/fr", {"html": "<b>"}, ("/html", "unknown_field")),
        ("invoice_sent/fr", {}, ("", "nothing_written")),
        ("invoice_sent/fr", {"subject": None}, ("", "nothing_written")),
        ("newsletter/fr", {"subject": "x"}, ("/kind", "unknown_letter")),
        ("key_refused/fr", {"subject": "x"}, ("/kind", "unknown_letter")),
        ("invoice_sent/de", {"subject": "x"}, ("/language", "unknown_language")),
    ],
)
def test_what_cannot_be_said_is_refused_with_place_and_reason_and_nothing_is_written(house, place, text, fault):
    before = house.everything()
    answer = house.api("PUT", f"/v1/business/letters/{place}", text)

    assert answer.status == 422
    assert [(one["at"], one["code"]) for one in answer["errors"]] == [fault]
    assert all(one["detail"] for one in answer["errors"])
    assert house.everything() == before


def preview(house, kind="invoice_sent", language="fr", **body):
    return house.api("POST", f"/v1/business/letters/{kind}/{language}/preview", body)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_letter_can_be_looked_at_as_a_sample(house, language):
    for kind in KINDS:
        shown = preview(house, kind, language)
        assert shown.status == 200
        assert "Camille Roy" in shown["text"]
        assert "{" not in shown["subject"] + shown["text"]
    assert house.mails == []


def test_a_letter_is_looked_at_before_it_is_kept_for_an_invoice_and_nothing_goes_out(house):
    invoice = house.invoice(due_date="2026-03-10")
    before = house.everything()

    shown = preview(house, text=OWN, invoice_id=invoice["id"])

    assert shown["subject"].replace("\N{NO-BREAK SPACE}", " ") == "Votre facture 00001 de 1 149,75 $"
    assert "Chère Marie Gagnon," in shown["html"]
    assert "/portal/l/..." in shown["text"]
    assert house.everything() == before
    kept = preview(house, "reminder_firm", invoice_id=invoice["id"])
    assert kept["subject"] == "Plomberie Tremblay : deuxième avis, la facture 00001 est en retard"
    house.settle()
    assert house.mails == []


def test_what_is_sent_is_what_was_looked_at(house):
    invoice = house.invoice()
    write(house)
    shown = preview(house, invoice_id=invoice["id"])
    send(house, invoice)
    house.settle()

    (mail,) = house.mails_to(MARIE)
    plain = shown["text"].replace("\N{NO-BREAK SPACE}", " ")
    assert said(mail).split("http")[0] == plain.split("http")[0]
    assert mail.subject == shown["subject"].replace("\N{NO-BREAK SPACE}", " ")


def test_a_letter_is_looked_at_of_no_other_thing(house):
    draft, paid = house.draft(), house.invoice()
    take(house, paid, "1149.75")

    assert preview(house, "receipt", invoice_id=paid["id"]).problem == (422, "not_of_an_invoice")
    assert preview(house, "reminder_firm_several", invoice_id=paid["id"]).problem == (422, "not_of_an_invoice")
    assert preview(house, "reminder_firm", invoice_id=paid["id"]).problem == (409, "invoice_paid")
    assert preview(house, "reminder", invoice_id=draft["id"]).status == 409
    assert preview(house, invoice_id="inv_unknown").problem == (404, "not_found")
    assert preview(house, text={"subject": "{since}"})["errors"][0]["at"] == "/text/subject"
    assert preview(house, language="de").problem == (422, "unknown_language")


def test_who_may_not_change_settings_may_read_letters_and_no_more(house):
    for role in ("technician", "accountant"):
        key = house.key(role)
        assert house.api("GET", f"{PLACE}/fr", key=key).status == 200
        assert write(house, key=key).problem == (403, "forbidden")
        assert house.api("POST", f"{PLACE}/fr/preview", {}, key=key).problem == (403, "forbidden")
        assert house.api("DELETE", f"{PLACE}/fr", key=key).problem == (403, "forbidden")
    assert write(house, key=house.key("manager")).status == 200


def test_what_one_business_writes_another_neither_sees_nor_says(house):
    write(house)
    house.business()

    sent(house)

    assert house.mails_to(MARIE)[-1].subject == "Plomberie Tremblay : facture 00001"
    assert house.ok("GET", f"{PLACE}/fr")["own"] is None
    assert house.api("DELETE", f"{PLACE}/fr").status == 404
