"""The typeface that the other libraries draw with: Bitstream Vera, which reportlab brings along."""

from pathlib import Path

import reportlab

FOLDER = Path(str(reportlab.__file__)).parent / "fonts"
PLAIN, BOLD = FOLDER / "Vera.ttf", FOLDER / "VeraBd.ttf"
