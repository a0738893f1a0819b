"""How a step was closed, as the API says it: by whom, when, and with what."""

from datetime import datetime
from typing import Any

from webapp.models import Proof, Review, StepRun
from webapp.rules.capture_time import CaptureTime
from webapp.views.chain_json import who


def closed(
    step: StepRun, decided: Review | None, skipped_at: CaptureTime | None
) -> dict[str, Any] | None:
    """Return who closed it; `at` is when it came here, `captured_at` when it was done."""
    if step.closed_by is None:
        return None
    words = step.skip_reason or (_proof_words(step.proof) if step.proof else "")
    done_at = _done_at(step, skipped_at)
    return {
        "by": who(step.closed_by),
        "at": step.closed_at or done_at,
        "captured_at": done_at or step.closed_at,
        "words": words,
        "approved": decided is not None and decided.decision == "approve",
    }


def _done_at(step: StepRun, skipped_at: CaptureTime | None) -> datetime | None:
    if step.state == "skipped":
        return skipped_at.estimated if skipped_at else None
    return step.proof.captured_at if step.proof else None


def _proof_words(proof: Proof) -> str:
    """What the proof is, in a word or two: "38.5", "photo"."""
    if proof.kind in ("number", "note"):
        return str(proof.content.get("value") or proof.content.get("text") or "")
    return proof.kind
