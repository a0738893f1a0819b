"""A part of the record to hand on: events, photos, and a check that needs nothing of Baton."""

from webapp.services.record_export.asked import Asked, Part, find
from webapp.services.record_export.making import Limit, Prepared, Sealed, bind, prepare, seal
from webapp.services.record_export.writing import write

__all__ = [
    "Asked",
    "Limit",
    "Part",
    "Prepared",
    "Sealed",
    "bind",
    "find",
    "prepare",
    "seal",
    "write",
]
