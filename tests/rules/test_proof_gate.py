"""A step closes only with its proof."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from webapp.rules.likeness import Like
from webapp.rules.proof_gate import (
    KINDS,
    Evidence,
    ProofError,
    Requirement,
    ReviewPolicy,
    Verdict,
    evidence_sha256,
    judge,
    parse_number,
    requirement_from_json,
    requirement_to_json,
)

START = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
FRIDGE = Requirement(
    "number", "°F", Decimal(33), Decimal(41), if_outside="Move the food and call the repair line"
)
SPOT = Requirement("scan", scan_code="gate-7")
WAIT = Requirement("timed", min_seconds=120)
PHOTO = Evidence("photo", blob_sha256="ab" * 32, blob_ready=True, blob_is_image=True)
OTHER_KIND = {kind: "note" if kind != "note" else "photo" for kind in KINDS}


def number(text: str, corrective: str | None = None) -> Evidence:
    return Evidence("number", value=Decimal(text), corrective=corrective)


def timed(seconds: float) -> Evidence:
    return Evidence("timed", started_at=START, ended_at=START + timedelta(seconds=seconds))


@pytest.mark.parametrize("kind", KINDS)
def test_a_tick_without_proof_does_not_close(kind: str) -> None:
    verdict = judge(Requirement(kind), None, "none")
    assert (verdict.outcome, verdict.code) == ("refused", "proof_missing")
    assert verdict.message


@pytest.mark.parametrize("kind", KINDS)
def test_another_kind_of_proof_does_not_close(kind: str) -> None:
    verdict = judge(Requirement(kind), Evidence(OTHER_KIND[kind], text="ok"), "none")
    assert (verdict.outcome, verdict.code) == ("refused", "wrong_kind")


@pytest.mark.parametrize(
    ("requirement", "empty", "code"),
    [
        (Requirement("photo"), Evidence("photo"), "proof_missing"),
        (Requirement("signature"), Evidence("signature"), "proof_missing"),
        (Requirement("file"), Evidence("file"), "proof_missing"),
        (Requirement("number"), Evidence("number"), "number_not_a_number"),
        (Requirement("note"), Evidence("note"), "note_empty"),
        (Requirement("note"), Evidence("note", text=" \n\t"), "note_empty"),
        (SPOT, Evidence("scan"), "proof_missing"),
        (Requirement("scan"), Evidence("scan", code="  "), "proof_missing"),
        (Requirement("timed"), Evidence("timed"), "proof_missing"),
        (Requirement("timed"), Evidence("timed", started_at=START), "proof_missing"),
    ],
)
def test_an_empty_proof_does_not_close(
    requirement: Requirement, empty: Evidence, code: str
) -> None:
    verdict = judge(requirement, empty, "none")
    assert (verdict.outcome, verdict.code) == ("refused", code)


@pytest.mark.parametrize(
    ("requirement", "evidence"),
    [
        pytest.param(Requirement("photo"), PHOTO, id="a photo"),
        pytest.param(Requirement("signature"), replace(PHOTO, kind="signature"), id="a signature"),
        pytest.param(
            Requirement("file"),
            replace(PHOTO, kind="file", blob_is_image=False),
            id="a file that is no picture",
        ),
        pytest.param(FRIDGE, number("38.5"), id="a number in its range"),
        pytest.param(FRIDGE, number("33"), id="the lowest number"),
        pytest.param(FRIDGE, number("41.0"), id="the highest number"),
        pytest.param(Requirement("number"), number("-900"), id="a number without a range"),
        pytest.param(Requirement("note"), Evidence("note", text="Swept"), id="a note"),
        pytest.param(SPOT, Evidence("scan", code=" gate-7\n"), id="the code of the spot"),
        pytest.param(WAIT, timed(120), id="exactly the least time"),
        pytest.param(Requirement("timed"), timed(0), id="one tap"),
    ],
)
def test_its_proof_closes_a_step(requirement: Requirement, evidence: Evidence) -> None:
    assert judge(requirement, evidence, "none") == Verdict("closes")


@pytest.mark.parametrize(
    ("requirement", "evidence", "code"),
    [
        pytest.param(
            Requirement("photo"), replace(PHOTO, blob_is_image=False), "not_an_image", id="a text"
        ),
        pytest.param(FRIDGE, number("32.9"), "number_outside_range", id="too low"),
        pytest.param(FRIDGE, number("41.1"), "number_outside_range", id="too high"),
        pytest.param(FRIDGE, number("50", "  "), "number_outside_range", id="blank corrective"),
        pytest.param(FRIDGE, number("NaN"), "number_not_a_number", id="not a number"),
        pytest.param(FRIDGE, number("Infinity"), "number_not_a_number", id="infinity"),
        pytest.param(WAIT, timed(119.9), "too_fast", id="too fast"),
        pytest.param(Requirement("timed"), timed(-1), "ends_before_start", id="backwards"),
        pytest.param(SPOT, Evidence("scan", code="gate-8"), "scan_mismatch", id="another spot"),
    ],
)
def test_a_proof_that_is_not_enough_is_refused(
    requirement: Requirement, evidence: Evidence, code: str
) -> None:
    verdict = judge(requirement, evidence, "all")
    assert (verdict.outcome, verdict.code, verdict.review) == ("refused", code, False)
    assert verdict.message is not None
    assert verdict.message.endswith(".")


def test_a_number_outside_its_range_asks_for_the_corrective_step() -> None:
    assert judge(FRIDGE, number("44.5"), "none").message == (
        "44.5 °F is above 41 °F. Move the food and call the repair line. "
        "Then write what you did about it."
    )


def test_a_number_outside_its_range_closes_with_the_corrective_step_and_says_so() -> None:
    verdict = judge(FRIDGE, number("44.5", "Moved it to the cellar"), "none")
    assert verdict == Verdict("closes", notes=("outside_range",))


@pytest.mark.parametrize("kind", ["photo", "signature", "file"])
def test_bytes_on_their_way_only_claim(kind: str) -> None:
    verdict = judge(Requirement(kind), Evidence(kind, blob_sha256="ab" * 32), "all")
    assert (verdict.outcome, verdict.code) == ("claims", "proof_on_its_way")


@pytest.mark.parametrize("policy", ["none", "photos", "all"])
def test_a_photo_that_proved_another_step_always_goes_to_review(policy: ReviewPolicy) -> None:
    same = Like("earlier proof", 0, turned=False, suspicious=True)
    verdict = judge(Requirement("photo"), replace(PHOTO, like=same), policy)
    assert verdict == Verdict("closes", review=True, notes=("photo_used_before",), like=same)


@pytest.mark.parametrize("policy", ["none", "photos", "all"])
def test_a_photo_that_looks_suspiciously_like_another_always_goes_to_review(policy):
    alike = Like("earlier proof", 40, turned=True, suspicious=True)
    verdict = judge(Requirement("photo"), replace(PHOTO, like=alike), policy)
    assert verdict == Verdict("closes", review=True, notes=("photo_like_before",), like=alike)


@pytest.mark.parametrize("policy", ["none", "photos", "all"])
def test_the_picture_of_how_it_should_look_always_goes_to_review(policy: ReviewPolicy) -> None:
    verdict = judge(Requirement("photo"), replace(PHOTO, of_reference=True), policy)
    assert verdict == Verdict("closes", review=True, notes=("photo_of_reference",))


def test_the_picture_of_how_it_should_look_that_was_used_before_is_called_both() -> None:
    same = Like("earlier proof", 0, turned=False, suspicious=True)
    verdict = judge(Requirement("photo"), replace(PHOTO, of_reference=True, like=same), "none")
    assert verdict.notes == ("photo_of_reference", "photo_used_before")


def test_a_photo_that_looks_as_usual_closes_by_itself_and_is_still_compared():
    usual = Like("earlier proof", 40, turned=False, suspicious=False)
    verdict = judge(Requirement("photo"), replace(PHOTO, like=usual), "none")
    assert verdict == Verdict("closes", like=usual)


def test_a_scan_at_a_spot_without_a_code_goes_to_review() -> None:
    verdict = judge(Requirement("scan"), Evidence("scan", code="anything"), "none")
    assert verdict == Verdict("closes", review=True, notes=("scan_not_checked",))


@pytest.mark.parametrize(
    ("policy", "photo_reviewed", "number_reviewed"),
    [("none", False, False), ("photos", True, False), ("all", True, True)],
)
def test_the_review_policy(
    policy: ReviewPolicy, photo_reviewed: bool, number_reviewed: bool
) -> None:
    assert judge(Requirement("photo"), PHOTO, policy).review is photo_reviewed
    assert judge(FRIDGE, number("38"), policy).review is number_reviewed


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("38.5", "38.5"),
        ("38,5", "38.5"),
        (" 38.50\n", "38.50"),
        ("-4", "-4"),
        ("−4,5", "-4.5"),
        ("+7", "7"),
        (".5", "0.5"),
        ("0,125", "0.125"),
        ("1.234", "1.234"),
        ("1234,567", "1234.567"),
        ("123456789012", "123456789012"),
    ],
)
def test_a_typed_number_is_read(text: str, value: str) -> None:
    assert str(parse_number(text)) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("abc", "number_not_a_number"),
        ("", "number_not_a_number"),
        ("nan", "number_not_a_number"),
        ("inf", "number_not_a_number"),
        ("1e5", "number_not_a_number"),
        ("38.5 °F", "number_not_a_number"),
        ("1,234.5", "number_not_a_number"),
        ("٣٨", "number_not_a_number"),
        (".", "number_not_a_number"),
        ("1234567890123", "number_too_long"),
        ("9" * 100_000, "number_too_long"),
        ("1,234", "number_unclear"),
    ],
)
def test_what_is_no_number_is_refused_with_a_sentence(text: str, code: str) -> None:
    with pytest.raises(ProofError) as refused:
        parse_number(text)
    assert refused.value.code == code
    assert refused.value.message.endswith(".")


@pytest.mark.parametrize(
    "requirement",
    [FRIDGE, SPOT, WAIT, Requirement("photo"), replace(FRIDGE, maximum=FRIDGE.minimum)],
)
def test_a_requirement_survives_its_json(requirement: Requirement) -> None:
    assert requirement_from_json(requirement_to_json(requirement)) == requirement


def test_a_requirement_reads_the_numbers_of_a_yaml_file() -> None:
    read = requirement_from_json({"kind": "number", "unit": "°F", "min": 33, "max": 41.5})
    assert (read.minimum, read.maximum) == (Decimal(33), Decimal("41.5"))


@pytest.mark.parametrize(
    ("proof", "code"),
    [
        ({}, "proof_unknown"),
        ({"kind": "tick"}, "proof_unknown"),
        ({"kind": "number", "min": "cold"}, "number_not_a_number"),
        ({"kind": "number", "min": 41, "max": 33}, "range_empty"),
        ({"kind": "timed", "min_seconds": -1}, "min_seconds_wrong"),
        ({"kind": "timed", "min_seconds": "soon"}, "min_seconds_wrong"),
    ],
)
def test_a_requirement_that_cannot_be_met_is_refused(proof: dict[str, Any], code: str) -> None:
    with pytest.raises(ProofError) as refused:
        requirement_from_json(proof)
    assert refused.value.code == code


def test_a_review_is_bound_to_the_bytes_of_a_photo() -> None:
    assert evidence_sha256({"kind": "photo", "sha256": "ab" * 32, "bytes": 9}) == "ab" * 32


def test_a_review_is_bound_to_every_digit_of_a_number() -> None:
    def bound(value: str) -> str:
        return evidence_sha256({"kind": "number", "value": value, "corrective": None})

    assert bound("38.5") == bound("38.5")
    assert len({bound("38.5"), bound("38.50"), bound("39")}) == 3
