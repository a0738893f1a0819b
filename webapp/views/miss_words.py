"""A miss, and what explains it: both facts stay, and both are said."""

from datetime import datetime

from webapp.formats import local_time
from webapp.models import Proof, StepRun
from webapp.views import proof_words
from webapp.words import gettext as _


def of_step(step: StepRun) -> str:
    """Return "It was missed. ", or that it was done in time all the same; else nothing."""
    if step.missed_at is None:
        return ""
    if step.miss_explained_at is None:
        return _("It was missed.") + " "
    said = _("It was missed, as far as could be known then, and had been done in time.")
    return f"{said} "


def explained(step: StepRun, proofs: list[Proof], zone: str) -> list[tuple[datetime, str]]:
    """Return when the miss was explained, by whose work, done when and received when."""
    at, missed_at = step.miss_explained_at, step.missed_at
    if at is None or missed_at is None:
        return []
    found = [proof for proof in proofs if _is_in_time(proof, missed_at)]
    return [(at, _sentence(found[0], missed_at, zone))] if found else []


def _is_in_time(proof: Proof, missed_at: datetime) -> bool:
    kept = proof.state in ("current", "attached", "sent_back")
    return kept and proof.trust != "unproven" and proof.captured_at < missed_at


def _sentence(proof: Proof, missed_at: datetime, zone: str) -> str:
    name, missed = proof.person.name, local_time(missed_at, zone)
    return _(
        "%(name)s had done it before it was missed at %(missed)s: %(captured)s.",
        name=name,
        missed=missed,
        captured=proof_words.captured(proof, zone),
    )
