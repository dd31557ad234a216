"""Words and figures in the reader's language: gettext catalogues and CLDR, by way of Babel.

A language is added by adding its file to ``catalogues/``; any two of them can stand on one page.
"""

from chalicelib.adapters.wording.babel_wording import BabelWording, wording

__all__ = ["BabelWording", "wording"]
