"""What the use-cases need from the world, and no more."""

from chalicelib.domain.entity import Entity
from chalicelib.ports.books import Accounting
from chalicelib.ports.changes import Add, Advance, Change, Keep, Kept, Move, Note, Once, Point, Remove, Save
from chalicelib.ports.gateway import Gateway
from chalicelib.ports.listing import Filter, Page, Unfinished
from chalicelib.ports.neighbours import Courier, Ids, Queue, Receipt, Seal, TokenVerifier
from chalicelib.ports.papers import (
    Attachment,
    EInvoices,
    Files,
    Mailer,
    Press,
    Renderer,
    Rendering,
    Sheets,
    Wordings,
    Writer,
)
from chalicelib.ports.store import Directory, Due, Store

__all__ = [
    "Accounting",
    "Add",
    "Advance",
    "Attachment",
    "Change",
    "Courier",
    "Directory",
    "Due",
    "EInvoices",
    "Entity",
    "Files",
    "Filter",
    "Gateway",
    "Ids",
    "Keep",
    "Kept",
    "Mailer",
    "Move",
    "Note",
    "Once",
    "Page",
    "Point",
    "Press",
    "Queue",
    "Receipt",
    "Remove",
    "Renderer",
    "Rendering",
    "Save",
    "Seal",
    "Sheets",
    "Store",
    "TokenVerifier",
    "Unfinished",
    "Wordings",
    "Writer",
]
