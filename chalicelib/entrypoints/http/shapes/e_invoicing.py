"""How a business makes e-invoices, as JSON."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator

from chalicelib.domain.e_invoicing import Account, EInvoiceForm, EInvoicing, Profile
from chalicelib.entrypoints.http.shapes.scalars import Shape, ShortText, refusal

Form = Literal["off", "factur_x", "cii", "ubl"]
ProfileName = Literal["en16931", "en16931_fr", "extended_ctc_fr", "peppol"]
IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")


def _iban(value: str) -> str:
    """Without blanks; its check digits hold (ISO 13616: the number made of it leaves 1 when divided by 97)."""
    plain = "".join(value.split()).upper()
    digits = "".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4]) if IBAN.fullmatch(plain) else "0"
    if int(digits) % 97 != 1:
        raise refusal("not_an_iban", "This is no IBAN: its check digits do not hold.")
    return plain


def _bic(value: str) -> str:
    plain = "".join(value.split()).upper()
    if not BIC.fullmatch(plain):
        raise refusal("not_a_bic", "This is no BIC (ISO 9362).")
    return plain


class AccountShape(Shape):
    """The bank account that clients transfer to."""

    iban: Annotated[ShortText, AfterValidator(_iban)]
    bic: Annotated[ShortText, AfterValidator(_bic)] | None = None
    holder: ShortText | None = None


class EInvoicingShape(Shape):
    """What is made for machines beside the page that people read; what is left out stays, null takes it away.

    form: ``factur_x`` puts the XML into the PDF, ``cii`` and ``ubl`` beside it. profile: ``en16931`` anywhere in
    Europe, ``extended_ctc_fr`` for France's platforms, ``peppol`` for that network; buyers who are on neither are told
    in the norm's own. From then on nothing is issued to a business that the norm cannot say, or that breaks one of its
    rules; for a consumer, an e-invoice is made where it can be.
    """

    form: Form | None = None
    profile: ProfileName | None = None
    account: AccountShape | None = None

    def changed(self) -> dict[str, Any]:
        """The fields that were sent, as the domain has them."""
        sent: dict[str, Any] = {}
        if self.form is not None:
            sent["form"] = EInvoiceForm(self.form)
        if self.profile is not None:
            sent["profile"] = Profile(self.profile)
        if "account" in self.model_fields_set:
            sent["account"] = self.account and Account(
                iban=self.account.iban, bic=self.account.bic or "", holder=self.account.holder or ""
            )
        return sent


class AccountOut(Shape):
    iban: str
    bic: str | None
    holder: str | None

    @classmethod
    def of(cls, account: Account) -> "AccountOut":
        return cls(iban=account.iban, bic=account.bic or None, holder=account.holder or None)


class EInvoicingOut(Shape):
    form: Form
    profile: ProfileName
    account: AccountOut | None

    @classmethod
    def of(cls, terms: EInvoicing) -> "EInvoicingOut":
        return cls(
            form=terms.form.value,
            profile=terms.profile.value,
            account=AccountOut.of(terms.account) if terms.account else None,
        )
