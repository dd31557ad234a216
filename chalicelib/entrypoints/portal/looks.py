"""How pages are made and sent: templates, addresses, static files, and the headers that go with all of them."""

import base64
import functools
import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from chalice import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from chalicelib import wiring
from chalicelib.domain.errors import NotFound
from chalicelib.domain.wording import Wording
from chalicelib.entrypoints.portal import sessions

HERE: Final = Path(__file__).parent
CHECKOUT_HOST: Final = "https://checkout.stripe.com"
FONT: Final = "inter.woff2"
STATIC: Final = {"portal.css": "text/css; charset=utf-8", "portal.js": "text/javascript; charset=utf-8"}


def shown(
    template: str,
    words: Wording,
    *,
    status: int = 200,
    session: sessions.Session | None = None,
    **values: Any,  # noqa: ANN401 - whatever the template says
) -> Response:
    """A page from its template."""
    said = {
        "t": words.text,
        "language": words.tag,
        "url": url,
        "asset": asset,
        "business": None,
        "here": "",
        "seen": "",
    }
    said |= values
    if session:
        said["token"] = functools.partial(sessions.form_token, session, secret=signing_secret())
    body = templates().get_template(template).render(said)
    return _html(body, status)


def sent_on(path: str, *, absolute: bool = False) -> Response:
    """See other: the browser asks for another page, so that going back or reloading repeats no deed."""
    response = _html("", 303)
    response.headers["Location"] = path if absolute else url(path)
    return response


def url(path: str) -> str:
    """The address of a page; behind an API Gateway stage all of them have a prefix."""
    return f"{urlsplit(wiring.config().public_url).path}/portal{path}"


def signing_secret() -> bytes:
    return wiring.secret("SIGNING_SECRET").encode()


def static_file(name: str) -> Response:
    """A static file under the address that ``asset`` gave; an older or unknown address is not there."""
    stem, _, suffix = name.rpartition(".")
    plain = f"{stem.rpartition('.')[0]}.{suffix}"
    if plain not in STATIC or asset(plain).rpartition("/")[2] != name:
        raise NotFound("file", name)
    headers: dict[str, str | list[str]] = {
        "Content-Type": STATIC[plain],
        "Cache-Control": "public, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(_static(plain), headers=headers)


def asset(name: str) -> str:
    """The address of a static file; it changes with its content, so it may be kept for ever."""
    stem, _, suffix = name.rpartition(".")
    return url(f"/static/{stem}.{_digest(name)}.{suffix}")


@cache
def _digest(name: str) -> str:
    return hashlib.sha256(_static(name).encode()).hexdigest()[:12]


@cache
def _static(name: str) -> str:
    """The file; the style sheet carries its font, since API Gateway sends text as it is but not every binary file."""
    text = (HERE / "static" / name).read_text(encoding="utf-8")
    font = base64.b64encode((HERE / "static" / FONT).read_bytes()).decode()
    return text.replace(f"url({FONT})", f"url(data:font/woff2;base64,{font})")


def _html(body: str, status: int) -> Response:
    headers = private("text/html; charset=utf-8") | {"Content-Security-Policy": _policy()}
    return Response(body, status_code=status, headers=headers)


def pdf_file(body: bytes, name: str) -> Response:
    """A PDF, opened in the browser and saved under a name."""
    headers = private("application/pdf") | {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(body, headers=headers)


def private(content_type: str) -> dict[str, str | list[str]]:
    """The headers of whatever is one client's own: never kept, never indexed, never told to other sites."""
    return {
        "Content-Type": content_type,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
    }


def _policy() -> str:
    """What a page may load, and where its forms may lead; ``form-action`` holds for redirects too."""
    return (
        "default-src 'none'; style-src 'self'; font-src data:; img-src 'self' data:; script-src 'self'; "
        f"connect-src 'self'; form-action 'self' {_checkout_host()}; frame-ancestors 'none'; base-uri 'none'"
    )


def _checkout_host() -> str:
    """Where the provider's payment page is: Stripe's own, or that of a stand-in."""
    api = urlsplit(wiring.config().stripe_api_base)
    is_stripes = not api.netloc or api.netloc.endswith(".stripe.com")
    return CHECKOUT_HOST if is_stripes else f"{api.scheme}://{api.netloc}"


@cache
def templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
