"""What an event says, as an English sentence: for the report, which is evidence."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

Payload = dict[str, Any]

_WHY = {
    "missed": "it was not done in time",
    "absent": "they are away",
    "deactivated": "they have left",
    "unreached": "no device told them",
    "cannot_do": "they cannot do it",
}
_PROOFS = {
    "photo": "a photo",
    "number": "a reading",
    "note": "a note",
    "signature": "a signature",
    "file": "a file",
    "scan": "a scan",
    "timed": "a timed check",
}


def sentence(kind: str, payload: Payload | None, zone: str) -> str:
    """Return the sentence; what is not told in one is named by its kind."""
    if payload is None:
        return "What this event said was erased."
    told = _TOLD.get(kind)
    return told(payload, zone) if told else f"{kind.replace('.', ' ').replace('_', ' ')}."


def local(moment: str, zone: str) -> str:
    """Return a moment of the record on the location's clock: 2026-11-23 07:09."""
    return f"{datetime.fromisoformat(moment).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def value(content: Payload) -> str:
    """Return in words what a proof says by itself; nothing for what is only to be seen."""
    said = str(content.get("value") or content.get("text") or content.get("name") or "")
    corrective = content.get("corrective")
    return f"{said}; what was done about it: {corrective}" if corrective else said


def _by(payload: Payload) -> str:
    return str((payload.get("by") or {}).get("name") or "somebody")


def _named(payload: Payload, role: str) -> str:
    return str((payload.get(role) or {}).get("name") or "somebody")


def _opened(payload: Payload, zone: str) -> str:
    due = local(payload["deadline_at"], zone)
    return f"The run opened: {payload['process']} at {payload['location']}, due {due}."


def _proof(what: str) -> Callable[[Payload, str], str]:
    def told(payload: Payload, zone: str) -> str:
        content = payload.get("content") or {}
        said = value(content)
        of = _PROOFS.get(content.get("kind", ""), "a proof")
        quoted = f" “{said}”" if said else ""
        return f"{_by(payload)} gave {of}{quoted}{_times(payload, zone)}. {what}"

    return told


def _times(payload: Payload, zone: str) -> str:
    captured = f", captured {local(payload['captured_at'], zone)}"
    if payload.get("trust") == "live":
        return captured
    by = "by the device's clock, allowed for" if payload.get("trust") == "estimated" else "unproven"
    return f"{captured} ({by})"


def _missed(payload: Payload, zone: str) -> str:
    return f"Not done by {local(payload['due_at'], zone)}, held by {_named(payload, 'holder')}."


def _handed(payload: Payload, _zone: str) -> str:
    why = _WHY.get(str(payload.get("reason")), str(payload.get("reason")))
    words = f" “{payload['words']}”" if payload.get("words") else ""
    moved = f"Handed from {_named(payload, 'from')} to {_named(payload, 'to')}"
    return f"{moved}, because {why}.{words}"


def _passed_over(payload: Payload, _zone: str) -> str:
    why = _WHY.get(str(payload.get("passed_over")), str(payload.get("passed_over")))
    return f"{_named(payload, 'to')} was passed over, because {why}."


def _sent_back(payload: Payload, _zone: str) -> str:
    return f"{_by(payload)} sent it back: “{payload.get('reason') or ''}”"


def _skipped(payload: Payload, _zone: str) -> str:
    return f"{_by(payload)} marked it as not applicable: “{payload.get('reason') or ''}”"


def _kept(payload: Payload, zone: str) -> str:
    return _proof("It was kept beside what had closed the step, or for the owner to decide.")(
        payload, zone
    )


_TOLD: dict[str, Callable[[Payload, str], str]] = {
    "run.opened": _opened,
    "run.closed": lambda *_: "The run closed.",
    "run.reopened": lambda *_: "The run was opened again.",
    "run.called_off": lambda *_: "The run was called off: the location is closed.",
    "run.reminded": lambda *_: "Who held open steps was reminded.",
    "step.opened": lambda *_: "The step opened.",
    "step.claimed": _proof("Its bytes were still on their way."),
    "step.done": _proof("The step closed."),
    "step.in_review": _proof("The step waits for approval."),
    "proof.kept": _kept,
    "proof.refused": _proof("It was no proof; the step is open again."),
    "step.missed": _missed,
    "step.handed_on": _handed,
    "step.passed_over": _passed_over,
    "step.handed_back": lambda payload, _: (
        f"Handed back to {_named(payload, 'from')}, who is back."
    ),
    "step.owner_changed": lambda payload, _: f"Now with the new owner, {_named(payload, 'to')}.",
    "step.skipped": _skipped,
    "step.not_needed": lambda payload, _: f"Not needed: {payload.get('reason') or ''}",
    "step.called_off": lambda *_: "Called off: the location is closed.",
    "step.taken_up": lambda *_: "Taken up again: the location is open after all.",
    "review.approved": lambda payload, _: f"{_by(payload)} approved it.",
    "review.sent_back": _sent_back,
    "review.withdrawn": lambda payload, _: f"{_by(payload)} took the decision back.",
    "fix.noted": lambda payload, _: f"{_by(payload)} noted: “{payload.get('text') or ''}”",
}
