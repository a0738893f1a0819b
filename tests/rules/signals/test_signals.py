"""What stands out in evidence, and what honestly does not."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from webapp.rules.signals import Found, Piece, Turn, found

MONDAY = datetime(2026, 11, 2, 12, tzinfo=UTC)
SINCE = MONDAY - timedelta(days=1)
Reads = Callable[[Random, int], str]
Made = list[Piece]


def true(rng: Random, day: int) -> str:
    """A fridge that is read in tenths."""
    return f"{rng.gauss(37.5, 0.8):.1f}"


def whole(rng: Random, day: int) -> str:
    return f"{rng.gauss(37.5, 0.8):.0f}"


def rounds_of(
    person: str,
    *,
    place: str = "downtown",
    days: int = 20,
    pace: float = 60,
    reads: Reads = true,
    begins: float = 10,
    kind: str = "number",
    before: int = 0,
) -> Made:
    """A round of four steps a day, with so many seconds between two of them on average."""
    rng, made = Random(f"{person}{place}{before}"), Made()
    for day in range(days):
        opens = MONDAY + timedelta(days=day - before)
        at = opens + timedelta(minutes=begins)
        for step in ("room", "fridge", "milk", "gate"):
            at += timedelta(seconds=pace * rng.lognormvariate(0, 0.3))
            is_number = kind == "number" and step in ("fridge", "milk")
            made.append(
                Piece(
                    run=f"{place}{day}{person}{before}",
                    place=place,
                    step=step,
                    person=person,
                    kind=kind if is_number else "photo" if kind == "number" else kind,
                    at=at,
                    opens_at=opens,
                    due_at=opens + timedelta(hours=1),
                    value=Decimal(reads(rng, day)) if is_number else None,
                    unit="°F",
                )
            )
    return made


def look(*made: Made, turns: tuple[Turn, ...] = ()) -> list[Found]:
    pieces = sorted((piece for some in made for piece in some), key=lambda piece: piece.at)
    last: dict[tuple[str, str], Decimal | None] = {}
    chained = []
    for piece in pieces:
        chained.append(piece._replace(last=last.get((piece.place, piece.step))))
        if piece.value is not None:
            last[piece.place, piece.step] = piece.value
    return found(chained, turns, SINCE)


def said(signals: list[Found]) -> set[tuple[str, str | None]]:
    return {(each.kind, each.person) for each in signals}


USUAL = [rounds_of("ben"), rounds_of("fay")]


@pytest.mark.parametrize(
    "hers",
    [
        rounds_of("ana"),
        rounds_of("ana", pace=27),
        rounds_of("ana", pace=150),
        rounds_of("ana", begins=54, pace=55),
        rounds_of("ana", reads=whole),
        rounds_of("ana", pace=2, kind="timed"),
        rounds_of("ana", pace=2, kind="note"),
        rounds_of("ana", pace=5, days=4),
    ],
    ids=["usual", "quick", "slow", "late", "rounds", "taps", "notes", "few"],
)
def test_an_honest_person_does_not_stand_out(hers: Made) -> None:
    assert look(hers, *USUAL) == []


@pytest.mark.parametrize(
    ("hers", "kind"),
    [
        (rounds_of("ana", pace=6), "burst"),
        (rounds_of("ana", pace=23, begins=56), "deadline"),
        (rounds_of("ana", reads=lambda _rng, _day: "38"), "same"),
        (rounds_of("ana", reads=lambda rng, _day: f"{rng.gauss(37.5, 0.12):.1f}"), "regular"),
        (rounds_of("ana", reads=lambda _rng, day: f"{36 + day % 7 * 0.4:.1f}"), "regular"),
        (
            rounds_of("ana", days=40, reads=lambda rng, day: true(rng, day)[:-1] + "37"[day % 2]),
            "digits",
        ),
    ],
    ids=["at once", "at the deadline", "constant", "narrow", "even", "digits"],
)
def test_who_gives_evidence_without_the_work_stands_out_by_name(hers: Made, kind: str) -> None:
    assert (kind, "ana") in said(look(hers, *USUAL))


def test_digits_tell_of_a_place_that_has_nothing_to_be_held_against() -> None:
    made_up = rounds_of("ana", days=40, reads=lambda rng, day: true(rng, day)[:-1] + "37"[day % 2])
    signals = look(made_up)
    assert said(signals) == {("digits", None)}
    assert "there_of" not in signals[0].facts
    assert look(rounds_of("ana", days=40)) == []


def test_a_step_that_nobody_went_to_is_told_by_the_step() -> None:
    gone = {piece.run: piece.at for piece in rounds_of("ana") if piece.step == "milk"}
    hers = [
        piece._replace(at=gone[piece.run] + timedelta(seconds=8)) if piece.step == "gate" else piece
        for piece in rounds_of("ana")
    ]
    [signal] = [each for each in look(hers, *USUAL) if each.person]
    assert (signal.kind, signal.step, signal.person) == ("pace", "gate", "ana")
    assert signal.facts["seconds"] == 8


def test_what_everybody_at_a_place_does_is_said_of_the_place_alone() -> None:
    here = [rounds_of(who, pace=6) for who in ("ana", "ben", "fay")]
    there = rounds_of("lin", place="riverside", days=28)
    signals = look(*here, there)
    assert said(signals) == {("burst", None)}
    assert (signals[0].place, signals[0].facts["against"]) == ("downtown", "elsewhere")


def test_a_place_is_held_against_its_own_earlier_days_where_there_is_no_other() -> None:
    signals = look(rounds_of("ana", pace=6), rounds_of("ana", days=20, before=30))
    assert said(signals) == {("burst", None)}
    assert signals[0].facts["against"] == "earlier"


@pytest.mark.parametrize("reads", [whole, lambda _rng, _day: "38"], ids=["whole", "always 38"])
def test_a_coarse_thermometer_is_no_signal_against_a_fine_one_elsewhere(reads: Reads) -> None:
    """Always 38 on whole degrees may be the truth: without the same instrument nobody can tell."""
    here = [rounds_of(who, reads=reads) for who in ("ana", "ben")]
    assert look(*here, rounds_of("lin", place="riverside", days=28)) == []


def test_a_thermometer_that_shows_tenths_and_mostly_says_38_is_one() -> None:
    here = rounds_of("ana", reads=lambda rng, day: "38.0" if day % 10 < 7 else true(rng, day))
    signals = look(here, *(rounds_of(who, place="riverside", days=28) for who in ("lin", "sam")))
    same = [each for each in signals if each.kind == "same" and each.step == "fridge"]
    assert (same[0].facts["hits"], same[0].facts["of"]) == (14, 20)
    assert (same[0].facts["value"], same[0].facts["unit"]) == ("38.0", "°F")


def test_yesterday_s_numbers_are_found_also_when_others_read_truly_between() -> None:
    theirs = sorted(
        rounds_of("ben", days=40) + rounds_of("ana", days=40, begins=30),
        key=lambda piece: piece.at,
    )
    last: dict[str, Decimal | None] = {}
    copied = []
    for piece in theirs:
        if piece.person == "ana" and piece.value is not None:
            piece = piece._replace(value=last[piece.step])
        last[piece.step] = piece.value
        copied.append(piece)
    assert ("same", "ana") in said(look(copied))


def turns_of(order: Iterator[bool]) -> tuple[Made, tuple[Turn, ...]]:
    """Ana and Ben at one kiosk day by day; `order`: whether Ana comes first."""
    pieces, turns = Made(), []
    for day, ana_first in enumerate(order):
        at = MONDAY + timedelta(days=day)
        for who in ("ana", "ben") if ana_first else ("ben", "ana"):
            turn = Turn(f"{who}{day}", "tablet", who, at, at + timedelta(seconds=30))
            run = f"run{day}{who}"
            due = at + timedelta(hours=1)
            pieces.append(Piece(run, "downtown", "room", who, "photo", at, at, due, turn=turn.id))
            turns.append(turn)
            at = turn.last_at + timedelta(seconds=6)
    return pieces, tuple(turns)


def test_another_s_pin_after_one_s_own_concerns_both() -> None:
    pieces, turns = turns_of(iter([True] * 20))
    signals = look(pieces, turns=turns)
    assert said(signals) == {("two_pins", None), ("two_pins", "ana"), ("two_pins", "ben")}
    assert "first" not in signals[0].facts
    assert signals[1].facts["second"] == "ben"


def test_two_who_stand_side_by_side_come_in_either_order() -> None:
    pieces, turns = turns_of(iter([day % 4 > 0 for day in range(28)]))
    assert look(pieces, turns=turns) == []


def test_facts_hold_no_fractions_since_they_go_into_the_record() -> None:
    signals = look(rounds_of("ana", pace=6, reads=lambda _rng, _day: "38"), *USUAL)
    assert signals
    values = [value for each in signals for value in each.facts.values()]
    assert {type(value) for value in values} <= {int, str}


def test_nothing_is_said_of_nothing() -> None:
    assert found([], [], SINCE) == []
