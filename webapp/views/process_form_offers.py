"""The proof that the title of a step points to, offered beside it and never taken by itself."""

from typing import Any, NamedTuple

from webapp.rules.capture.degrees import unit_of
from webapp.rules.capture.proofs import suggested_proof
from webapp.views.process_form import Form
from webapp.views.workplace import Workplace
from webapp.words import translated


class Offer(NamedTuple):
    """What one press sets, as the fields of a step hold it, and why it suits."""

    title: str
    proof: str
    unit: str
    min: str
    max: str
    why: str


def offers(form: Form, workplace: Workplace) -> list[Offer]:
    """One for each title whose words point to a proof; a unit is the one of the first place."""
    titles = dict.fromkeys(step["title"].strip() for step in form["steps"])
    zone = _zone(form, workplace)
    found = [_offer(title, zone) for title in titles]
    return [offer for offer in found if offer]


def _offer(title: str, zone: str) -> Offer | None:
    proof, why, measure = suggested_proof(title)
    if not proof:
        return None
    if measure is None:
        unit = unit_of(title, zone) if proof == "number" else ""
        return Offer(title, proof, unit, "", "", translated(why))
    low, high = _digits(measure.low), _digits(measure.high)
    return Offer(title, proof, measure.unit, low, high, translated(why))


def _zone(form: Form, workplace: Workplace) -> str:
    chosen = [place for place in workplace.places if place.id in form["location"]]
    place = next(iter([*chosen, *workplace.places]), None)
    return place.time_zone if place else ""


def _digits(value: Any) -> str:
    return "" if value is None else str(value)
