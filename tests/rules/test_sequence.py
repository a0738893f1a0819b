"""What is missing between a device's sequence numbers, and when that is a loss."""

from datetime import UTC, datetime, timedelta

import pytest

from webapp.rules import sequence
from webapp.rules.sequence import Book, Loss

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def at(number: int) -> datetime:
    return NOON + number * MINUTE


def told(arrived, reports, book=None) -> Loss | None:
    """What is told after these numbers arrived and the device said this, a minute apart."""
    book = sequence.arrive(book or Book(), {number: at(number) for number in arrived})
    for minute, on_device in enumerate(reports):
        book, loss = sequence.report(book, on_device, NOON + timedelta(hours=1, minutes=minute))
        assert sequence.from_json(sequence.to_json(book)) == book
        if loss:
            return loss
    return None


@pytest.mark.parametrize(
    ("arrived", "reports", "count"),
    [
        pytest.param([1, 2, 3], [[], []], 0, id="all arrived"),
        pytest.param([], [[], []], 0, id="nothing was ever done"),
        pytest.param([1, 4], [[2, 3], [2, 3]], 0, id="the rest is still on the device"),
        pytest.param([1, 4], [[], []], 2, id="two are nowhere"),
        pytest.param([1, 4], [[]], 0, id="one report alone may be an old one"),
        pytest.param([1, 4], [[], [2, 3]], 0, id="the first report was an old one"),
        pytest.param([2], [[], []], 1, id="the first one is nowhere"),
        pytest.param([1, 4, 7], [[5], [5]], 3, id="in two places"),
        pytest.param([1], [[2, 3], [3], [3]], 1, id="it was there and is there no more"),
        pytest.param([1], [[2, 3], [], []], 2, id="all that was there is gone"),
        pytest.param([1, 2**30], [[], []], 0, id="numbers that jump are somebody's own"),
        pytest.param([1, 4], [range(10, 510)] * 2, 0, id="a device that could not say it all"),
    ],
)
def test_a_number_is_lost_when_it_neither_arrived_nor_is_on_the_device(arrived, reports, count):
    loss = told(arrived, reports)
    assert (loss.count if loss else 0) == count


def test_a_loss_lies_between_the_work_before_and_after_it():
    assert told([1, 2, 5], [[], []]) == Loss(2, after=at(2), before=at(5))
    assert told([3], [[], []]) == Loss(2, after=None, before=at(3))


def test_a_loss_is_told_once():
    book = sequence.arrive(Book(), {1: at(1), 3: at(3)})
    losses = []
    for minute in range(5):
        book, loss = sequence.report(book, [], NOON + minute * MINUTE)
        losses.append(loss)
    assert [loss.count for loss in losses if loss] == [1]
    assert book.accounted == 3


def test_what_arrives_between_two_reports_is_not_lost():
    book = sequence.arrive(Book(), {1: at(1), 3: at(3)})
    book, _ = sequence.report(book, [], NOON)
    book = sequence.arrive(book, {2: at(2)})
    book, loss = sequence.report(book, [], NOON + MINUTE)
    assert (loss, book.accounted, book.suspects) == (None, 3, {})


def assert_small(book: Book) -> None:
    assert max(len(book.beyond), len(book.suspects)) <= sequence.WIDEST


def test_the_book_stays_small_whatever_is_left_out():
    book = Book()
    for number in range(2, 4000, 2):
        book = sequence.arrive(book, {number: at(0)})
    assert_small(book)
    spaced = range(5000, 5000 + 499 * sequence.WIDEST, sequence.WIDEST)
    for minute, on_device in enumerate((spaced, [], spaced, spaced)):
        book, _ = sequence.report(book, on_device, NOON + minute * MINUTE)
        assert_small(book)
    book, _ = sequence.report(sequence.arrive(book, dict.fromkeys(spaced, NOON)), [], NOON)
    assert_small(book)


def test_what_is_left_out_too_often_is_passed_over_and_the_newest_is_judged():
    spaced = [1, 1000, 1999, 2001]
    assert told([], [spaced, spaced]) == Loss(999, after=None, before=NOON + 61 * MINUTE)
    assert told(spaced, [[], []]) == Loss(999, after=at(1000), before=at(2001))
