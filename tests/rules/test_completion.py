"""Each row of the conflict table, in the table's words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from webapp.rules.completion import CompletionFacts, Decision, StepFacts, decide

MISSED = datetime(2026, 11, 23, 7, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
EARLIER, LATER = MISSED - MINUTE, MISSED + MINUTE

ANA, BEN = frozenset({"ana"}), frozenset({"ana", "ben"})
FRESH = StepFacts("open", 0, ANA)
MISSED_STEP = StepFacts("open", 1, BEN, handed_over_at=MISSED, missed_at=MISSED)
HANDED_ON = StepFacts("open", 1, BEN, handed_over_at=MISSED)
DONE_BY_BEN = replace(
    MISSED_STEP, state="done", closed_by="ben", closed_captured_at=MISSED + 9 * MINUTE
)
DONE_BY_ANA = replace(FRESH, state="done", closed_by="ana", closed_captured_at=EARLIER)
SENT_BACK = replace(FRESH, attempt=2)

IN_TIME = CompletionFacts("ana", EARLIER, "live")
LATE = CompletionFacts("ana", LATER, "live")
UNTRUSTED = replace(IN_TIME, trust="unproven")

# id, step, completion, (status, effect, explains the miss, overtakes handoffs, code)
TABLE = [
    ("open, level 0 | any", FRESH, IN_TIME, "applied close - - done"),
    ("open, level 0 | any (untrusted)", FRESH, UNTRUSTED, "applied close - - done"),
    ("waiting | early", replace(FRESH, state="waiting"), IN_TIME, "applied close - - done"),
    (
        "waiting for an answer | any",
        replace(FRESH, state="waiting", is_later=True),
        IN_TIME,
        "held hold - - not_open_yet",
    ),
    (
        "opened by an answer | any",
        replace(FRESH, is_later=True),
        IN_TIME,
        "applied close - - done",
    ),
    ("claimed | any", replace(FRESH, state="claimed"), LATE, "applied close - - done"),
    (
        "open, level n | captured in time, trusted",
        MISSED_STEP,
        IN_TIME,
        "applied close explains overtakes done_in_time",
    ),
    (
        "open, level n | captured in time, trusted by estimate",
        MISSED_STEP,
        replace(IN_TIME, trust="estimated"),
        "applied close explains overtakes done_in_time",
    ),
    (
        "open, level n | captured at the very moment of the miss",
        MISSED_STEP,
        replace(IN_TIME, captured_at=MISSED),
        "applied close_late - - done_late",
    ),
    ("open, level n | captured later", MISSED_STEP, LATE, "applied close_late - - done_late"),
    ("open, level n | untrusted", MISSED_STEP, UNTRUSTED, "applied close_late - - done_late"),
    (
        "open, level n | by its new holder",
        MISSED_STEP,
        replace(LATE, person="ben"),
        "applied close_late - - done_late",
    ),
    (
        "claimed, level n | captured in time, trusted",
        replace(MISSED_STEP, state="claimed"),
        IN_TIME,
        "applied close explains overtakes done_in_time",
    ),
    (
        "handed on, not missed | done before that",
        HANDED_ON,
        IN_TIME,
        "applied close - overtakes done_in_time",
    ),
    (
        "handed on, not missed | done by its new holder",
        HANDED_ON,
        replace(LATE, person="ben"),
        "applied close - - done",
    ),
    (
        "done by the backup | captured earlier, trusted",
        DONE_BY_BEN,
        IN_TIME,
        "superseded attach explains - done_by_another",
    ),
    (
        "done by the backup | captured earlier, but after the miss",
        DONE_BY_BEN,
        LATE,
        "superseded attach - - done_by_another",
    ),
    (
        "done by the backup | untrusted",
        DONE_BY_BEN,
        UNTRUSTED,
        "superseded attach - - done_by_another",
    ),
    (
        "done by the backup, who captured before | later",
        replace(DONE_BY_BEN, closed_captured_at=EARLIER - MINUTE),
        IN_TIME,
        "superseded attach - - done_by_another",
    ),
    (
        "in review by the backup | captured earlier, trusted",
        replace(DONE_BY_BEN, state="in_review"),
        IN_TIME,
        "superseded attach explains - done_by_another",
    ),
    (
        "done by the same person | else",
        DONE_BY_ANA,
        IN_TIME,
        "superseded attach - - already_done",
    ),
    (
        "in review by the same person | else",
        replace(DONE_BY_ANA, state="in_review"),
        LATE,
        "superseded attach - - already_done",
    ),
    (
        "done after a send-back | an older attempt",
        replace(DONE_BY_ANA, attempt=2),
        IN_TIME,
        "superseded attach - - already_done",
    ),
    (
        "sent back | captured after seeing that",
        SENT_BACK,
        replace(LATE, attempt=2),
        "applied new_attempt - - done",
    ),
    ("sent back | else", SENT_BACK, IN_TIME, "held hold - - sent_back_unseen"),
    (
        "sent back, claimed again | else",
        replace(SENT_BACK, state="claimed"),
        IN_TIME,
        "held hold - - sent_back_unseen",
    ),
    (
        "sent back, missed again | captured in time",
        replace(MISSED_STEP, attempt=2),
        replace(IN_TIME, attempt=2),
        "applied new_attempt explains overtakes done_in_time",
    ),
    ("an attempt that never was | any", FRESH, replace(LATE, attempt=2), "held hold - - ahead"),
    (
        "skipped | any",
        replace(MISSED_STEP, state="skipped"),
        IN_TIME,
        "superseded attach - - not_needed",
    ),
    (
        "void | any",
        replace(MISSED_STEP, state="void"),
        LATE,
        "superseded attach - - not_needed",
    ),
    (
        "person not on the chain so far | any",
        FRESH,
        replace(IN_TIME, person="ben"),
        "held hold - - not_on_chain",
    ),
    (
        "person not on the chain | done",
        DONE_BY_ANA,
        replace(IN_TIME, person="eve"),
        "held hold - - not_on_chain",
    ),
    (
        "PIN wrong | any",
        FRESH,
        replace(IN_TIME, authorisation="pin_wrong"),
        "held hold - - pin_wrong",
    ),
    (
        "PIN not checked | done already",
        DONE_BY_ANA,
        replace(IN_TIME, authorisation="pin_unchecked"),
        "held hold - - pin_unchecked",
    ),
    (
        "turn at a kiosk over | any",
        FRESH,
        replace(IN_TIME, authorisation="turn_over"),
        "held hold - - turn_over",
    ),
    (
        "device revoked before capture | done",
        DONE_BY_ANA,
        replace(IN_TIME, authorisation="device_revoked"),
        "held hold - - device_revoked",
    ),
    (
        "person left | any (a rescue file)",
        FRESH,
        replace(IN_TIME, authorisation="person_left"),
        "held hold - - person_left",
    ),
    (
        "step unknown | any",
        None,
        replace(IN_TIME, authorisation="step_unknown"),
        "held hold - - step_unknown",
    ),
    ("step unknown, not said so | any", None, IN_TIME, "held hold - - step_unknown"),
    (
        "step unknown, PIN wrong | any",
        None,
        replace(IN_TIME, authorisation="pin_wrong"),
        "held hold - - pin_wrong",
    ),
]


@pytest.mark.parametrize(
    ("step", "completion", "expected"), [pytest.param(*row[1:], id=row[0]) for row in TABLE]
)
def test_the_conflict_table(
    step: StepFacts | None, completion: CompletionFacts, expected: str
) -> None:
    decision = decide(step, completion)
    assert in_short(decision) == expected
    assert decision.message.endswith(".")


def in_short(decision: Decision) -> str:
    return " ".join(
        [
            decision.status,
            decision.effect,
            "explains" if decision.explains_miss else "-",
            "overtakes" if decision.overtakes_handoffs else "-",
            decision.code,
        ]
    )


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_no_row_loses_the_proof_or_rejects_it(
    row: tuple[str, StepFacts | None, CompletionFacts, str],
) -> None:
    assert decide(row[1], row[2]).status in ("applied", "superseded", "held")
