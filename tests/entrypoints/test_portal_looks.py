"""The portal's pages as files and headers: what a browser may do with them, and that every sentence is worded."""

import re
from pathlib import Path

import pytest

from chalicelib.adapters.wording.babel_wording import catalogue
from chalicelib.domain import invoice_totals
from chalicelib.entrypoints import portal as portal_package
from chalicelib.entrypoints.portal import showing
from tests import builders as b
from tests.entrypoints.portal_visits import header, opened

PAGES = Path(portal_package.__file__).parent / "templates"


@pytest.fixture
def portal(monkeypatch):
    return opened(monkeypatch)


@pytest.mark.parametrize(
    "path", ["/portal", "/portal/l/unknown", "/portal/quotes/unknown", "/portal/thanks", "/portal/not-paid", "link"]
)
def test_every_page_forbids_what_it_does_not_need(path, portal):
    answer = portal.visitor().get(portal.link(random=b"\x03" * 32) if path == "link" else path)

    assert header(answer, "Content-Security-Policy") == (
        "default-src 'none'; style-src 'self'; font-src data:; img-src 'self' data:; script-src 'self'; "
        "connect-src 'self'; form-action 'self' https://checkout.stripe.com; frame-ancestors 'none'; base-uri 'none'"
    )
    assert header(answer, "Cache-Control") == "no-store"
    assert header(answer, "Referrer-Policy") == "no-referrer"
    assert header(answer, "X-Content-Type-Options") == "nosniff"
    assert header(answer, "X-Robots-Tag") == "noindex"


def test_pages_hold_no_script_and_no_style_of_their_own(portal):
    quote, invoice = portal.quoted(), portal.invoiced()
    visitor = portal.visitor()

    for path in ("", f"/quotes/{quote.id}", f"/invoices/{invoice.id}"):
        visitor.get(f"/portal{path}")
        assert "<style" not in visitor.page
        assert " style=" not in visitor.page
        assert visitor.page.count("<script") == 1
        assert '<script src="/portal/static/portal.' in visitor.page


def test_static_files_are_kept_for_ever_under_an_address_of_their_content(portal):
    visitor = portal.visitor()
    visitor.get("/portal")
    style = visitor.page.partition('rel="stylesheet" href="')[2].partition('"')[0]

    answer = visitor.get(style)

    assert answer.status == 200
    assert header(answer, "Content-Type") == "text/css; charset=utf-8"
    assert header(answer, "Cache-Control") == "public, max-age=31536000, immutable"
    assert b"url(data:font/woff2;base64," in answer.body
    for other in ("portal.css", "portal.000000000000.css", "..%2Froutes.py", "inter.woff2"):
        assert visitor.get(f"/portal/static/{other}").status == 404


def test_hostile_text_stays_text(portal):
    hostile = '"><script>alert(1)</script>{{ 7 * 7 }}'
    quote = portal.quoted(b.content(b.a_line(description=hostile, group=hostile, unit=hostile), notes=hostile))
    visitor = portal.visitor()

    visitor.get(f"/portal/quotes/{quote.id}")

    assert "<script>alert" not in visitor.page
    assert visitor.page.count("&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 * 7 }}") == 4


def test_behind_a_stage_every_address_has_its_prefix(monkeypatch):
    portal = opened(monkeypatch, public_url="https://abc.execute-api.ca-central-1.amazonaws.com/api")
    visitor = portal.visitor()
    entered = visitor.get(portal.link(random=b"\x04" * 32))

    visitor.get("/portal")

    assert header(entered, "Location") == "/api/portal"
    assert "Path=/api/portal;" in header(entered, "Set-Cookie")
    assert 'href="/api/portal/static/portal.' in visitor.page


def test_payment_pages_of_a_stand_in_are_let_through_as_stripes_own(monkeypatch):
    for api, host in [
        ("http://127.0.0.1:4242", "http://127.0.0.1:4242"),
        ("https://api.stripe.com", "https://checkout.stripe.com"),
    ]:
        monkeypatch.setenv("STRIPE_API_BASE", api)
        policy = header(opened(monkeypatch).visitor().get("/portal"), "Content-Security-Policy")
        assert f"form-action 'self' {host};" in policy


def test_every_sentence_of_the_pages_is_in_french():
    said = [key for page in PAGES.glob("*.html") for key in re.findall(r'\bt\("([^"]+)"', page.read_text())]
    said += [*showing.INVOICE_TONES, *showing.INSTALMENT_TONES, *showing.QUOTE_TONES]
    said += [text for texts in invoice_totals.AFTER.values() for text in texts]
    apologies = re.findall(r'\("([^"]+)", "([^"]+)"\)', (PAGES / "apology.html").read_text())
    said += [text for texts in apologies for text in texts]

    assert len(said) > 60
    assert sorted({key for key in said if key not in catalogue("fr")}) == []


TEXT = [
    *(("text", on) for on in ("paper", "ground", "quiet-soft")),
    *(("muted", on) for on in ("paper", "ground", "soft", "quiet-soft")),
    *(("accent", on) for on in ("paper", "soft")),
    *(("on-accent", on) for on in ("accent", "accent-dark")),
    *((tone, f"{tone}-soft") for tone in ("good", "wait", "alert", "quiet")),
]
"""Which colour is written on which."""


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_stands_out_from_its_ground_and_so_do_fields_and_buttons(scheme):
    """WCAG 2.2: 4.5 for text (1.4.3), 3 for what one must find to use it (1.4.11)."""
    roots = re.findall(r":root {(.*?)}", (PAGES.parent / "static" / "portal.css").read_text(), re.DOTALL)
    colours = {name: value for root in roots[: scheme + 1] for name, value in re.findall(r"--([a-z-]+): (#\w+)", root)}

    assert {pair: contrast(colours, *pair) for pair in TEXT if contrast(colours, *pair) < 4.5} == {}
    assert contrast(colours, "edge", "paper") >= 3


def contrast(colours, above, below):
    lighter, darker = sorted((luminance(colours[above]), luminance(colours[below])), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
