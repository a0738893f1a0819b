"""What becomes of a completion when it arrives: the whole table of conflicts.

The table speaks of the *capture* (when the work was done, estimated) against what the server
knows now. Two readings of it are settled here:

- A waiting step that its responsible person completes early is applied: work done ahead of its
  time is work done. Only not where the step waits for an answer that the server does not have:
  nobody knows yet whether it is asked for.
- A claimed step is still open: another completion may close it, since a claim's bytes may never
  come. The claim's own proof is attached if it arrives later.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from webapp.rules.capture_time import Trust
from webapp.rules.sentences import N_

State = Literal["waiting", "open", "claimed", "in_review", "done", "skipped", "void"]
Authorisation = Literal[
    "not_on_chain",
    "pin_wrong",
    "pin_unchecked",
    "turn_over",
    "device_revoked",
    "person_left",
    "step_unknown",
]
Status = Literal["applied", "superseded", "held"]
Effect = Literal["close", "close_late", "new_attempt", "attach", "hold"]


@dataclass(frozen=True, slots=True)
class StepFacts:
    """What the server knows of a step run. Times are aware UTC.

    `people` have been on the chain so far (holders at levels 0 to `level`); `handed_over_at` is
    when the first handoff was due, for whatever reason; `missed_at` the same if it was a miss.
    `closed_by` and `closed_captured_at` belong to the proof that is done or in review.
    `is_later`: it does not open with its run, but waits for what becomes of another step.
    """

    state: State
    level: int
    people: frozenset[str]
    attempt: int = 1
    handed_over_at: datetime | None = None
    missed_at: datetime | None = None
    closed_by: str | None = None
    closed_captured_at: datetime | None = None
    is_later: bool = False


@dataclass(frozen=True, slots=True)
class CompletionFacts:
    """What a completion says. `captured_at` is the estimate; `attempt` the one it has seen."""

    person: str
    captured_at: datetime
    trust: Trust
    attempt: int = 1
    authorisation: Authorisation | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a completion, and the receipt for it.

    `explains_miss`: the miss stays, with the explanation that the work was done in time.
    `overtakes_handoffs`: handoffs are marked overtaken and the holder is told "not needed".
    """

    status: Status
    effect: Effect
    explains_miss: bool
    overtakes_handoffs: bool
    code: str
    message: str


def decide(step: StepFacts | None, completion: CompletionFacts) -> Decision:
    """One row of the conflict table. `step` is None only when no such step run is known.

    Whether the proof itself is enough is the proof gate's to say, and is asked first.
    """
    refusal = completion.authorisation or _stranger(step, completion)
    if step is None or refusal:
        return _held(refusal or "step_unknown")
    if step.state in ("skipped", "void"):
        return _superseded("not_needed", explains_miss=False)
    if step.state in ("done", "in_review"):
        return _after_closing(step, completion)
    if step.state == "waiting" and step.is_later:
        return _held("not_open_yet")
    if completion.attempt != step.attempt:
        return _held("sent_back_unseen" if completion.attempt < step.attempt else "ahead")
    return _while_open(step, completion)


def _stranger(step: StepFacts | None, completion: CompletionFacts) -> Authorisation | None:
    known = step is None or completion.person in step.people
    return None if known else "not_on_chain"


def _after_closing(step: StepFacts, completion: CompletionFacts) -> Decision:
    """The closing stands; earlier work by somebody else, done in time, explains the miss."""
    if completion.person == step.closed_by:
        return _superseded("already_done", explains_miss=False)
    earlier = _before(step.closed_captured_at, completion)
    explains = earlier and _before(step.missed_at, completion)
    return _superseded("done_by_another", explains_miss=explains)


def _while_open(step: StepFacts, completion: CompletionFacts) -> Decision:
    in_time = _before(step.missed_at, completion)
    overtakes = _before(step.handed_over_at, completion)
    late = step.missed_at is not None and not in_time
    code = "done_late" if late else "done_in_time" if overtakes else "done"
    effect: Effect = "close_late" if late else "close"
    if step.attempt > 1:
        effect = "new_attempt"
    return Decision("applied", effect, in_time, overtakes, code, _WORDS[code])


def _before(moment: datetime | None, completion: CompletionFacts) -> bool:
    """Whether the work was provably done before that moment; False when there was none.

    At the very moment is too late: whoever takes a step over at once is not done in time.
    """
    trusted = completion.trust != "unproven"
    return moment is not None and trusted and completion.captured_at < moment


def _superseded(code: str, explains_miss: bool) -> Decision:
    return Decision("superseded", "attach", explains_miss, False, code, _WORDS[code])


def _held(code: str) -> Decision:
    return Decision("held", "hold", False, False, code, _WORDS[code])


_WORDS = {
    "done": N_("Received. This step is done."),
    "done_in_time": (
        N_("Received. You did this in time, so whoever took it over is told that it is done.")
    ),
    "done_late": N_("Received. This step is done, after it had been missed."),
    "already_done": N_("This step was already done. Your proof is kept with it."),
    "done_by_another": N_("Somebody else had already done this step. Your proof is kept with it."),
    "not_needed": N_("This step is no longer needed. Your proof is kept with it."),
    "sent_back_unseen": (
        N_("This step was sent back before this arrived. The owner decides; your proof is kept.")
    ),
    "not_open_yet": N_("This step was not open yet. The owner decides; your proof is kept."),
    "ahead": N_(
        "This belongs to an attempt we do not know. The owner decides; your proof is kept."
    ),
    "not_on_chain": N_(
        "This step is not yours at the moment. The owner decides; your proof is kept."
    ),
    "pin_wrong": N_("The PIN was not right. The owner decides; your proof is kept."),
    "pin_unchecked": N_("The PIN could not be checked. The owner decides; your proof is kept."),
    "turn_over": N_(
        "This was done after the turn had ended. The owner decides; your proof is kept."
    ),
    "device_revoked": (
        N_(
            "This device was signed off before the work was done. The owner decides; "
            "your proof is kept."
        )
    ),
    "person_left": N_(
        "Whoever did this works here no more. The owner decides; your proof is kept."
    ),
    "step_unknown": N_("We do not know this step. The owner decides; your proof is kept."),
}
