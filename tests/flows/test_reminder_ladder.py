"""Reminders by themselves: the ladder of a business, through HTTP, the clock and the mail."""

import pytest

from tests.flows import till
from tests.flows.desk import MARIE, OFFICE, take

LADDER = [
    {"days": -3, "tone": "friendly", "attach_pdf": False},
    {"days": 1},
    {"days": 10, "tone": "firm"},
    {"days": 20, "tone": "formal", "pay_link": False},
]
SUBJECTS = [
    "Plomberie Tremblay : la facture 00001 arrive à échéance",
    "Plomberie Tremblay : la facture 00001 est en retard",
    "Plomberie Tremblay : deuxième avis, la facture 00001 est en retard",
    "Plomberie Tremblay : dernier avis pour la facture 00001",
]


@pytest.fixture
def house(world):
    world.ok("PATCH", "/v1/business", {"reminders": LADDER})
    return world


def days(world, count):
    """Each day the sweep runs at 09:01 of Montreal, twice, and all is settled twice."""
    for _ in range(count):
        world.time.move_to(f"{world.time.instant:%Y-%m-%d}T13:01:00Z")
        world.sweep()
        world.sweep()
        world.settle(times=2)
        world.time.move_to(f"{world.time.instant:%Y-%m-%d}T23:59:59Z")
        world.time.pass_(seconds=1)


def reminders(world, to=MARIE):
    return [mail.subject for mail in world.mails_to(to)]


@pytest.mark.row("K22", "K26", "C42")
def test_an_unpaid_invoice_brings_every_step_once_in_its_tone(house):
    invoice = house.invoice(house.client())
    house.settle()
    assert house.see(invoice)["next_reminder_at"] == "2026-03-29T13:00:00Z"
    house.time.move_to("2026-03-28T00:00:00Z")
    days(house, 60)

    assert reminders(house) == SUBJECTS
    assert [list(mail.attachments) for mail in house.mails] == [[], ["00001.pdf"], ["00001.pdf"], ["00001.pdf"]]
    assert ["/portal/l/" in mail.text for mail in house.mails] == [True, True, True, False]
    assert "Échéance : 1er avril 2026" in house.mails[3].text
    assert "Ce lien" not in house.mails[3].text
    told = [kind for kind in house.timeline(invoice) if "remind" in kind]
    assert told == ["invoice.reminder_step", "invoice.reminded"] * 4
    seen = house.see(invoice)
    assert (seen["next_reminder_at"], seen["reminder"]["state"]) == (None, "sent")
    listed = house.ok("GET", f"/v1/reminders?client_id={invoice['client_id']}")["data"]
    assert [(one["date"], one["tone"], one["invoices"][0]["days"]) for one in listed] == [
        ("2026-04-21", "formal", 20),
        ("2026-04-11", "firm", 10),
        ("2026-04-02", "neutral", 1),
        ("2026-03-29", "friendly", -3),
    ]


@pytest.mark.row("C42")
def test_a_sandboxs_clock_that_jumps_brings_every_step_once(world):
    world.business(sandbox=True, clock=world.time.instant)
    world.ok("PATCH", "/v1/business", {"reminders": LADDER})
    invoice = world.invoice(world.client())
    world.settle()
    world.move_clock("2026-04-05T12:00:00Z")
    for day in range(6, 31):
        world.move_clock(f"2026-04-{day:02d}T12:00:00Z")

    assert sorted(reminders(world)) == sorted(SUBJECTS)
    assert world.timeline(invoice).count("invoice.reminder_step") == 4


@pytest.mark.row("K22")
def test_all_invoices_of_a_client_that_owe_a_step_are_in_one_mail(house):
    client = house.client(language="en")
    for _ in range(3):
        house.invoice(client)
    house.settle()
    house.time.move_to("2026-04-11T00:00:00Z")
    days(house, 1)

    (mail,) = house.mails
    assert mail.subject == "Second notice: 3 invoices from Plomberie Tremblay"
    assert "Invoice 00002, due April 1, 2026: $1,149.75" in mail.text
    assert "Total due: $3,449.25" in mail.text
    assert list(mail.attachments) == ["00001.pdf", "00002.pdf", "00003.pdf"]
    assert house.portal(mail.portal_link).address.endswith("/portal")


@pytest.mark.row("K26")
def test_payment_ends_it(house):
    invoice = house.invoice(house.client())
    house.settle()
    house.time.move_to("2026-03-28T00:00:00Z")
    days(house, 3)
    take(house, invoice, "1149.75")
    house.settle()
    days(house, 30)

    assert house.see(invoice)["next_reminder_at"] is None
    assert [subject for subject in reminders(house) if "échéance" in subject or "avis" in subject] == SUBJECTS[:1]


@pytest.mark.row("C35")
def test_a_dispute_holds_reminders_back_until_it_is_decided(house):
    invoice = house.invoice(house.client())
    payment = till.pay(house, invoice)
    till.arrived(house)
    dispute = house.stripe.control.dispute({"payment_intent": payment})
    till.arrived(house)
    house.time.move_to("2026-04-11T00:00:00Z")
    days(house, 1)
    assert house.api("POST", f"/v1/invoices/{invoice['id']}/remind", {}).problem_code == "invoice_disputed"
    assert set(reminders(house)) & set(SUBJECTS) == set()

    house.stripe.control.close_dispute({"dispute": dispute["id"], "won": False})
    till.arrived(house)
    days(house, 10)
    assert [each for each in reminders(house) if each in SUBJECTS] == SUBJECTS[2:]


def test_a_promise_is_noted_and_waited_for(house):
    invoice = house.invoice(house.client())
    house.settle()
    house.time.move_to("2026-04-01T12:00:00Z")

    noted = house.ok("POST", f"/v1/invoices/{invoice['id']}/promise", {"on": "2026-04-14", "note": "au téléphone"})
    assert (noted["promised_on"], noted["next_reminder_at"]) == ("2026-04-14", "2026-04-15T13:00:00Z")
    days(house, 20)
    assert reminders(house) == SUBJECTS[2:3]
    past = house.api("POST", f"/v1/invoices/{invoice['id']}/promise", {"on": "2026-04-01"})
    assert past.problem == (422, "in_the_past")
    assert house.api("POST", f"/v1/invoices/{house.draft()['id']}/promise", {"on": "2026-05-01"}).problem == (
        409,
        "invoice_not_issued",
    )


def test_one_invoice_and_one_client_are_switched_off_and_on(house):
    client = house.client()
    invoice = house.invoice(client)
    house.settle()
    place = f"/v1/invoices/{invoice['id']}/reminders"
    assert house.ok("PATCH", place, {"reminders": "off"})["next_reminder_at"] is None
    assert house.ok("PATCH", place, {"reminders": "on"})["next_reminder_at"] == "2026-03-29T13:00:00Z"

    assert house.ok("PATCH", f"/v1/clients/{client['id']}", {"reminders": "off"})["reminders"] == "off"
    house.settle()
    assert house.see(invoice)["next_reminder_at"] is None
    own = [{"days": 5, "tone": "firm", "language": "en"}]
    house.ok("PATCH", f"/v1/clients/{client['id']}", {"reminders": own})
    assert house.api("PATCH", "/v1/business", {"languages": ["fr", "en"]}).status == 200
    house.settle()
    house.time.move_to("2026-04-06T00:00:00Z")
    days(house, 1)
    assert reminders(house) == ["Second notice: invoice 00001 from Plomberie Tremblay is overdue"]


@pytest.mark.row("C38")
def test_a_client_elsewhere_is_mailed_at_its_own_nine_oclock(house):
    far = house.client(time_zone="Pacific/Kiritimati")
    invoice = house.invoice(far)
    house.settle()
    assert house.see(invoice)["next_reminder_at"] == "2026-03-28T19:00:00Z"

    house.ok("PATCH", "/v1/business", {"reminder_window": {"from": "10:30", "weekdays": [1, 2]}})
    house.settle()
    assert house.see(invoice)["next_reminder_at"] == "2026-03-29T20:30:00Z"  # Monday the 30th there


def test_a_ladder_reaches_invoices_that_were_issued_before(world):
    invoices = [world.invoice() for _ in range(3)]
    world.settle()
    world.ok("PATCH", "/v1/business", {"reminders": LADDER})
    world.settle()

    assert {world.see(one)["next_reminder_at"] for one in invoices} == {"2026-03-29T13:00:00Z"}
    world.ok("PATCH", "/v1/business", {"reminders": []})
    world.settle()
    assert {world.see(one)["next_reminder_at"] for one in invoices} == {None}


def test_a_reminder_that_comes_back_is_told_to_the_business(house):
    house.invoice(house.client())
    house.settle()
    house.time.move_to("2026-03-29T00:00:00Z")
    days(house, 1)
    (mailed,) = house.ok("GET", "/v1/reminders")["data"]
    house.mail_news(mailed, "Email Bounced", bounce={"bounceType": "Permanent"})

    assert house.ok("GET", f"/v1/reminders/{mailed['id']}")["state"] == "bounced"
    assert len(house.mails_to(OFFICE)) == 1


@pytest.mark.row("C44")
def test_a_client_without_an_address_is_told_to_the_business_at_each_step(house):
    invoice = house.invoice(house.client(email=None))
    house.settle()
    house.time.move_to("2026-03-29T00:00:00Z")
    days(house, 6)

    told = house.mails_to(OFFICE)
    assert [mail.subject for mail in told] == ["00001 n’est pas parvenu à Marie Gagnon"] * 2  # noqa: RUF001
    assert "n’a pas d’adresse" in told[0].text  # noqa: RUF001
    assert "serveur" not in told[0].text
    seen = house.see(invoice)
    assert (seen["reminder"]["state"], seen["reminded_at"]) == ("failed", None)


@pytest.mark.parametrize(
    ("wanted", "at", "code"),
    [
        ({"reminders": [{"days": 1}, {"days": 1}]}, "/reminders/1/days", "step_twice"),
        ({"reminders": [{"days": 400}]}, "/reminders/0/days", "less_than_equal"),
        ({"reminders": [{"days": 1, "tone": "rude"}]}, "/reminders/0/tone", "enum"),
        ({"reminders": [{"days": 1, "language": "de"}]}, "/reminders/0/language", "unknown_language"),
        ({"reminder_window": {"from": "18:00", "to": "09:00"}}, "/reminder_window", "window_closed"),
        ({"reminder_window": {"from": "9h"}}, "/reminder_window/from", "not_a_time"),
        ({"reminder_window": {"weekdays": [1, 1]}}, "/reminder_window/weekdays", "weekday_twice"),
        ({"reminder_window": {"weekdays": []}}, "/reminder_window/weekdays", "too_short"),
    ],
)
def test_what_no_ladder_can_be_is_refused_at_its_place(world, wanted, at, code):
    refused = world.api("PATCH", "/v1/business", wanted)

    assert refused.status == 422
    assert (refused["errors"][0]["at"], refused["errors"][0]["code"]) == (at, code)


def test_a_technician_runs_and_promises_nothing(house):
    invoice, key = house.invoice(), house.key("technician")
    for path, body in (("reminders/preview", {}), (f"invoices/{invoice['id']}/promise", {"on": "2026-05-01"})):
        assert house.api("POST", f"/v1/{path}", body, key=key).problem == (403, "forbidden")
