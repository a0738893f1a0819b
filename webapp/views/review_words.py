"""Why a proof waits for somebody to look, for whoever gave it, where that is not just the rule."""

from webapp.models import StepRun
from webapp.rules.sentences import N_
from webapp.words import translated

WHY = {
    "photo_used_before": N_(
        "Received. Waiting for approval, because this photo has proved a step before."
    ),
    "photo_like_before": N_(
        "Received. Waiting for approval, because it looks like an earlier photo."
    ),
    "photo_of_reference": N_(
        "Received. Waiting for approval, because it is the picture of how it should look."
    ),
    "risk_signal": N_(
        "Received. Waiting for approval, because proofs like it looked too regular lately."
    ),
}


def why(step: StepRun) -> dict[str, str | None]:
    """Return the note for which it waits, and the sentence that says so; both may be None."""
    notes = step.proof.notes if step.state == "in_review" and step.proof else []
    note = next((each for each in notes if each in WHY), None)
    return {"review_why": note, "review_words": translated(WHY[note]) if note else None}
