"""Whether a business's invoices are made for machines too, in what form, and what was found when one was checked."""

from enum import StrEnum

from chalicelib.domain.values import dataclass


class Syntax(StrEnum):
    """The two ways EN 16931 is written down (CEN/TS 16931-3)."""

    CII = "cii"  # UN/CEFACT, also within a Factur-X
    UBL = "ubl"  # OASIS 2.1


class Profile(StrEnum):
    """By which rules it is written: the norm's own, those of France's platforms, or those of the Peppol network.

    France has two, the norm with its own rules and an extension of it that is stricter about rounding; a business asks
    for the latter, and gets the former where a document needs it.
    """

    EN16931 = "en16931"
    EN16931_FR = "en16931_fr"
    EXTENDED_CTC_FR = "extended_ctc_fr"
    PEPPOL = "peppol"


FRENCH = frozenset({Profile.EN16931_FR, Profile.EXTENDED_CTC_FR})


class EInvoiceForm(StrEnum):
    """What a business gives beside the page that people read."""

    OFF = "off"
    FACTUR_X = "factur_x"  # the XML (CII) within the PDF
    CII = "cii"  # an XML file beside the PDF
    UBL = "ubl"  # the same in the other syntax


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The bank account that clients transfer to (BG-17)."""

    iban: str
    bic: str = ""
    holder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EInvoicing:
    """How a business makes e-invoices; off until it says otherwise.

    where_possible: one is made of what can have one, and nothing is refused for having none.
    """

    form: EInvoiceForm = EInvoiceForm.OFF
    profile: Profile = Profile.EN16931
    account: Account | None = None
    where_possible: bool = False

    @property
    def is_on(self) -> bool:
        return self.form is not EInvoiceForm.OFF

    @property
    def is_within_pdf(self) -> bool:
        return self.form is EInvoiceForm.FACTUR_X

    @property
    def syntax(self) -> Syntax:
        return Syntax.UBL if self.form is EInvoiceForm.UBL else Syntax.CII


@dataclass(frozen=True, slots=True, kw_only=True)
class EInvoiceReport:
    """What was checked of an e-invoice before its number was given, and found to hold; or why there is none.

    sha256: of the XML, hex; schema: what it was held against; rule_sets: the books of business rules, each with its
    version; rules_checked: how many of them were asked; engine: what wrote and checked it.
    lacking: of what need not be an e-invoice and cannot be one, the reasons, each with its place; then there is no XML.
    """

    syntax: Syntax
    profile: Profile
    form: EInvoiceForm = EInvoiceForm.OFF
    sha256: str = ""
    schema: str = ""
    rule_sets: tuple[str, ...] = ()
    rules_checked: int = 0
    engine: str
    lacking: tuple[str, ...] = ()
