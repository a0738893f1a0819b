"""The steps of a draft: each with its proof, when it opens, and what is left to ask about it."""

from webapp.rules.capture.answers import Answers
from webapp.rules.capture.later import minutes_of, wait_of
from webapp.rules.capture.proofs import suggested_proof
from webapp.rules.capture.reading import Asked, Reading
from webapp.rules.capture.shape import DraftStep
from webapp.rules.capture.task import Told, told_steps
from webapp.rules.capture.told_proof import proof_told
from webapp.rules.sentences import N_, say

_ABOUT_PROOF = N_("What proves that “%(step)s” was done: a photo, a number, a note?")
_PROOFS = ("photo", "number", "note", "signature", "file", "scan", "timed check")
_WINDOWS = ("15 minutes", "30 minutes", "1 hour", "2 hours", "1 day")


def read_steps(
    reading: Reading, task: str, answers: Answers
) -> tuple[list[DraftStep], list[Asked]]:
    """The steps that the text tells of, or else those that an answer names; and their questions."""
    named = answers.of("name")
    told = told_steps(task) or told_steps(answers.of("task") or "")
    told = told or ([Told(named)] if named else [])
    steps = [_step(each, n, reading, answers) for n, each in enumerate(told, 1)]
    asked = _of_lost_waits(reading, {each.wait for each in told[1:]})
    for n, step in enumerate(steps, 1):
        words = reading.marked[told[n - 1].wait or 0] if "wait_minutes" in step else ""
        asked += _asked(step, n, words)
    return steps, asked


def _step(told: Told, n: int, reading: Reading, answers: Answers) -> DraftStep:
    step = _proven(told, answers.proof_of(n))
    if told.wait is not None and n > 1:
        wait, window = (answers.of_step(part, n) for part in ("wait", "window"))
        step["wait_minutes"] = minutes_of(wait or "") or wait_of(reading.marked[told.wait])
        step["due_minutes"] = minutes_of(window or "")
    return step


def _proven(told: Told, proof: str | None) -> DraftStep:
    suggested, why, measure = proof_told(told.proof) if told.proof else suggested_proof(told.title)
    if proof and proof != suggested:
        return {"title": told.title, "proof": proof, "why": say("You chose it.")}
    step: DraftStep = {"title": told.title, "proof": suggested, "why": why}
    if measure:
        if measure.unit:
            step["unit"] = measure.unit
        if measure.low is not None:
            step["min"] = measure.low
        if measure.high is not None:
            step["max"] = measure.high
    return step


def _asked(step: DraftStep, n: int, words: str) -> list[Asked]:
    asked = []
    if step["proof"] is None:
        asked.append(Asked(f"proof {n}", say(_ABOUT_PROOF, step=step["title"]), _PROOFS))
    if step.get("wait_minutes", 0) is None:
        asked.append(Asked(f"wait {n}", say("How long exactly is “%(words)s”?", words=words)))
    if step.get("due_minutes", 0) is None:
        question = say(
            "“%(step)s” opens later than the step before it. How long after it opens is it due?",
            step=step["title"],
        )
        asked.append(Asked(f"window {n}", question, _WINDOWS))
    return asked


def _of_lost_waits(reading: Reading, used: set[int | None]) -> list[Asked]:
    """Ask about a wait that no step got, since nothing comes before it."""
    lost = [words for n, words in enumerate(reading.marked) if n not in used]
    question = N_("“%(words)s” follows no step here. Is it right without it?")
    return [Asked("later", say(question, words=words)) for words in lost]
