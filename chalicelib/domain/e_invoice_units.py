"""Units of measure as UN/ECE Recommendation 20 codes them (BT-130)."""

from collections.abc import Mapping

ONE, MUTUALLY_DEFINED = "C62", "ZZ"

_WORDS: Mapping[str, str] = {
    "C62": "each ea unit units unité unités un u",
    "H87": "piece pieces pc pcs pièce pièces pce",
    "HUR": "h hr hrs hour hours heure heures",
    "MIN": "min minute minutes",
    "DAY": "day days d jour jours j",
    "WEE": "week weeks semaine semaines",
    "MON": "month months mois",
    "ANN": "year years an ans année années",
    "LS": "lot lump_sum flat forfait forfaits",
    "MTR": "m metre metres meter meters mètre mètres",
    "CMT": "cm",
    "MMT": "mm",
    "KMT": "km kilometre kilometres kilomètre kilomètres",
    "MTK": "m2 m² sqm",
    "MTQ": "m3 m³",
    "FOT": "ft foot feet pied pieds",
    "FTK": "ft2 ft² sqft pi2 pi²",
    "SMI": "mi mile miles",
    "GRM": "g gram grams gramme grammes",
    "KGM": "kg kilogram kilograms kilogramme kilogrammes",
    "TNE": "t tonne tonnes",
    "LBR": "lb lbs pound pounds livre livres",
    "LTR": "l litre litres liter liters",
    "KWH": "kwh",
    "XPX": "pallet pallets palette palettes",
    "XBX": "box boxes boîte boîtes",
    "SET": "set sets ensemble ensembles",
    "PR": "pair pairs paire paires",
    "P1": "% percent pourcent",
}
_CODES = {word: code for code, words in _WORDS.items() for word in words.split()}


def coded(unit: str | None) -> tuple[str, str]:
    """The code of a unit, and the word for it where it has none: that is then defined by seller and buyer."""
    word = (unit or "").strip()
    if not word:
        return ONE, ""
    known = _CODES.get(word.lower().rstrip("."))
    if known or word in _WORDS:
        return known or word, ""
    return MUTUALLY_DEFINED, word
