"""The pages that a payer sees: checkout, 3-D Secure, receipt; plain HTML, in English and French."""

from html import escape
from string import Template

from infra.local.stripe.amounts import written
from infra.local.stripe.books import Object
from infra.local.stripe.cards import CARDS

_FRAME = Template("""<!doctype html>
<html lang="$language">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
:root { color-scheme: light; --ink: #1a1f36; --quiet: #5c6478; --line: #dfe3ea; --accent: #4c50e0; --bad: #b3093c; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem;
  background: linear-gradient(160deg, #eef0fb, #f8f9fc 60%); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 26rem; padding: 2rem; background: #fff; border: 1px solid var(--line);
  border-radius: 14px; box-shadow: 0 12px 32px rgb(26 31 54 / 8%); }
h1 { margin: 0; font-size: 1rem; font-weight: 500; color: var(--quiet); }
.amount { margin: .25rem 0 1.5rem; font-size: 2.25rem; font-weight: 650; letter-spacing: -.02em; }
label { display: block; font-weight: 550; }
select, input { display: block; width: 100%; margin: .35rem 0 1rem; padding: .7rem; font: inherit; color: inherit;
  background: #fff; border: 1px solid var(--line); border-radius: 8px; }
button { width: 100%; margin: .35rem 0; padding: .8rem; font: inherit; font-weight: 600; color: #fff;
  background: var(--accent); border: 0; border-radius: 8px; cursor: pointer; }
button.quiet { color: var(--ink); background: #eef0f5; }
:focus-visible { outline: 3px solid #a5a8ff; outline-offset: 2px; }
.error { padding: .7rem .9rem; color: var(--bad); background: #fdeef2; border-radius: 8px; }
.error:empty { display: none; }
footer { margin-top: 1.25rem; font-size: .85rem; color: var(--quiet); text-align: center; }
a { color: var(--accent); }
</style>
</head>
<body><main>
$content
<footer>$footer</footer>
</main></body>
</html>
""")

_CHECKOUT = Template("""<h1>$name</h1>
<p class="amount" id="amount">$amount</p>
<p class="error" id="err" role="alert">$error</p>
<form method="post" action="$action">
<label for="email">$email_label</label>
<input id="email" name="email" type="email" value="$email" autocomplete="off">
<label for="pm">$card_label</label>
<select id="pm" name="pm">
$options
</select>
<button id="pay">$pay</button>
</form>
<p><a id="cancel" href="$cancel_url">$back</a></p>""")

_AUTHENTICATION = Template("""<h1>3-D Secure</h1>
<p class="amount">$amount</p>
<p>$question</p>
<form method="post">
<button id="ok" name="ok" value="1">$yes</button>
<button id="fail" name="ok" value="0" class="quiet">$no</button>
</form>""")

_WORDS = {
    "en": {
        "card_label": "Test card",
        "email_label": "Email",
        "pay": "Pay",
        "store": "Store the card",
        "back": "Back",
        "question": "Is it you who is paying?",
        "yes": "Yes, confirm",
        "no": "No, refuse",
        "footer": "Stand-in for Stripe. No money moves.",
        "gone": "This page can no longer be used.",
        "receipt": "Receipt",
    },
    "fr": {
        "card_label": "Carte d’essai",  # noqa: RUF001 - French is written so
        "email_label": "Courriel",
        "pay": "Payer",
        "store": "Enregistrer la carte",
        "back": "Retour",
        "question": "Est-ce bien vous qui payez ?",
        "yes": "Oui, confirmer",
        "no": "Non, refuser",
        "footer": "Doublure de Stripe. Aucun argent ne circule.",
        "gone": "Cette page n’est plus valable.",  # noqa: RUF001 - French is written so
        "receipt": "Reçu",
    },
}


def checkout_page(session: Object, *, error: str = "", chosen: str = "") -> str:
    """error: why the last try failed; chosen: the card of that try."""
    language = _language(session["locale"])
    words = _WORDS[language]
    options = (
        f'<option value="{token}"{" selected" if token == chosen else ""}>{escape(name)}</option>'
        for token, name in _card_names(language)
    )
    content = _CHECKOUT.substitute(
        words | ({"pay": words["store"]} if session["mode"] == "setup" else {}),
        name=escape(", ".join(session["_private"]["names"])),
        amount=_asked(session, language),
        error=escape(error),
        email=escape(session["customer_email"] or ""),
        options="\n".join(options),
        action=escape(session["url"] or ""),
        cancel_url=escape(session["cancel_url"] or "#"),
    )
    return _page(session["locale"], words["pay"], content)


def authentication_page(intent: Object, *, locale: str | None) -> str:
    words = _words(locale)
    amount = written(intent["amount"], intent["currency"], language=_language(locale))
    return _page(locale, "3-D Secure", _AUTHENTICATION.substitute(words, amount=amount))


def gone_page(locale: str | None) -> str:
    words = _words(locale)
    return _page(locale, words["gone"], f"<p>{words['gone']}</p>")


def receipt_page(charge: Object) -> str:
    words = _words(None)
    amount = written(charge["amount"], charge["currency"])
    title = f"<h1>{words['receipt']} · {escape(charge['description'] or '')}</h1>"
    return _page(None, words["receipt"], f'{title}<p class="amount">{amount}</p>')


def _asked(session: Object, language: str) -> str:
    """The amount that is asked for; nothing where a card is only stored."""
    if session["mode"] == "setup":
        return ""
    return written(session["amount_total"], session["currency"], language=language)


def _page(locale: str | None, title: str, content: str) -> str:
    footer = _words(locale)["footer"]
    return _FRAME.substitute(language=_language(locale), title=escape(title), content=content, footer=footer)


def _card_names(language: str) -> list[tuple[str, str]]:
    return [(token, card.name_fr if language == "fr" else card.name) for token, card in CARDS.items()]


def _words(locale: str | None) -> dict[str, str]:
    return _WORDS[_language(locale)]


def _language(locale: str | None) -> str:
    return "fr" if (locale or "").startswith("fr") else "en"
