"""What people do in a world. A new capability adds a module here, and its deeds take part in every history."""

from importlib import import_module
from pkgutil import iter_modules

from tests.simulation.deeds.book import DEEDS as DEEDS

for found in iter_modules(__path__):
    import_module(f"{__name__}.{found.name}")
