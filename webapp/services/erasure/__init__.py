"""Erasing for good: a person on request, photos after some months. The record says that it was."""

from webapp.services.erasure.foresight import Foreseen, foresee
from webapp.services.erasure.length import check_length, too_long
from webapp.services.erasure.person import erase_person
from webapp.services.erasure.photos import finish_removing
from webapp.services.erasure.told import Erasure, erased, erasures, note, unsaid

__all__ = [
    "Erasure",
    "Foreseen",
    "check_length",
    "erase_person",
    "erased",
    "erasures",
    "finish_removing",
    "foresee",
    "note",
    "too_long",
    "unsaid",
]
