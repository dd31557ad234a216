"""The first document of the deliver function: imported, its 25 lines are drawn with everything that this loads."""

import random

from chalicelib import wiring
from chalicelib.entrypoints import events
from infra.bench.work.documents import a_document

FUNCTION = events.deliver
DRAWN = wiring.renderer().render(a_document(25, random.Random(20261122)))  # noqa: S311 - words of a benchmark
