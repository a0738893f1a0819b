"""How a step should look, as the API tells it."""

from webapp.models import Step, StepRun


def picture_json(step: Step | StepRun) -> dict[str, str] | None:
    """Return the reference picture of a step as {sha256, alt}; None where it has none."""
    if step.picture_sha256 is None:
        return None
    return {"sha256": step.picture_sha256, "alt": step.picture_alt or ""}
