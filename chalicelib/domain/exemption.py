"""Clients who are not charged tax, and what their documents say in its place.

Source of the categories: EN 16931, BT-118 with the reason of BT-120.
"""

from collections.abc import Iterable, Mapping

from chalicelib.domain.tax import TaxRate
from chalicelib.domain.values import dataclass

CODE = "exemption"
"""The tax that stands on an exempt client's lines; no rate of a business may bear this code."""

NAMES = {
    "E": "Exempt from tax",
    "AE": "Reverse charge",
    "K": "Intra-Community supply",
    "G": "Export",
    "O": "Not subject to tax",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxExemption:
    """Why a client is not charged tax.

    reason:      as it is printed, e.g. the article of the law; BT-120.
    certificate: the number of the paper that proves it.
    category:    E exempt, AE reverse charge, K within the EU, G export, O outside the scope of tax; BT-118.
    """

    reason: str
    certificate: str | None = None
    category: str = "E"

    @property
    def rate(self) -> TaxRate:
        """What a document keeps of it, as it stood when it was written."""
        return TaxRate(
            code=CODE,
            name=NAMES[self.category],
            category=self.category,
            exemption_reason=self.reason,
            exemption_certificate=self.certificate,
        )

    def in_place_of(self, codes: Iterable[str], rates: Mapping[str, TaxRate]) -> tuple[str, ...]:
        """The codes of a line that would bear these; what the client withholds is no tax on it, and stays."""
        return (CODE, *(code for code in codes if code in rates and rates[code].withheld))
