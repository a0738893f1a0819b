"""The rows of the owner's page, the worst first, and the line that says whether to act."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy.orm import Session

from webapp.formats import city
from webapp.models import Person
from webapp.rules.moment_words import day_words
from webapp.rules.sentences import N_
from webapp.services import inbox
from webapp.services.coverage import Coverage
from webapp.views import (
    audit_rows,
    away_words,
    dead_end_words,
    device_words,
    kept_drafts,
    kiosk_words,
    patterns,
    reach_words,
    unfinished_words,
)
from webapp.words import gettext as _
from webapp.words import ngettext

WORDS = {"review": N_("Review"), "missed": N_("Do it"), "held": N_("Decide")}
# What may still be put right before it matters: nobody has to come running for it.
AHEAD = ("alone", "dead_end", "no_phone", "unreachable", "pattern", "draft")


def rows(session: Session, person: Person, now: datetime) -> list[dict[str, Any]]:
    """Return what needs this person, the worst first and the newest of each kind.

    Missed, stuck, could not be told, held, to review, dark devices, chains that dead-end in the
    next seven days, then the rest. A row may have `parts`, each with a way of its own.
    """
    dead_ends, untold = _with_phones(
        dead_end_words.rows(session, person, now), reach_words.rows(session, person, now)
    )
    found = [
        *grouped(inbox.items(session, person, now), now),
        *device_words.rows(session, person, now),
        *kiosk_words.rows(session, person, now),
        *away_words.rows(session, person, now),
        *dead_ends,
        *audit_rows.rows(session, person, now),
        *unfinished_words.rows(session, person, now),
        *untold,
        *patterns.inbox_rows(session, person),
        *kept_drafts.inbox_rows(person),
    ]
    return _with_clocks(found, now)


def _with_clocks(rows: list[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """Say by whose clock each time is, where there are several on the page."""
    timed = [row for row in rows if row["at"]]
    if len({now.astimezone(ZoneInfo(row["zone"])).utcoffset() for row in timed}) < 2:
        return rows
    return [row | {"clock": city(row["zone"]) if row["at"] else ""} for row in rows]


def _with_phones(
    dead_ends: list[dict[str, Any]], untold: list[dict[str, Any]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Say of whole chains without a phone in the row of who cannot be told, which comes up then."""
    without = [row for row in dead_ends if row["kind"] == "no_phone"]
    if not without or not untold:
        return dead_ends, untold
    others = [row for row in dead_ends if row["kind"] != "no_phone"]
    return [*others, untold[0] | {"detail": without[0]["sentence"]}], []


def lead(items: Iterable[dict[str, Any]], week: Coverage) -> str:
    """Say in one line whether to act."""
    kinds = [item["kind"] for item in items]
    ahead = sum(kind in AHEAD for kind in kinds)
    if now := len(kinds) - ahead:
        return ngettext("%(num)s thing needs you now.", "%(num)s things need you now.", now)
    if not ahead:
        return " ".join(filter(None, [_("Nothing needs you."), went(week)]))
    before = ngettext(
        "Nothing needs you now. %(num)s thing needs you before it matters.",
        "Nothing needs you now. %(num)s things need you before it matters.",
        ahead,
    )
    return " ".join(filter(None, [before, went(week)]))


def went(week: Coverage) -> str:
    """Say how much of these seven days needed nobody to chase; nothing when nothing was due."""
    if not week.total:
        return ""
    return ngettext(
        "%(num)s of %(total)s runs in the last seven days needed nobody to chase.",
        "%(num)s of %(total)s runs in the last seven days needed nobody to chase.",
        week.done,
        total=week.total,
    )


def grouped(items: list[inbox.Item], now: datetime) -> list[dict[str, Any]]:
    """Return a row for each thing; the proofs of a run share one, and so do its untold holders."""
    groups: dict[tuple[str, str], list[inbox.Item]] = {}
    for item in items:
        shared = item.run.id if item.run else str(len(groups))
        groups.setdefault((item.kind, shared), []).append(item)
    return [_row(group, now) for group in groups.values()]


def _row(group: list[inbox.Item], now: datetime) -> dict[str, Any]:
    item = max(group, key=lambda each: each.at)
    several = len(group) > 1
    return {
        "kind": item.kind,
        "need": item.need,
        "at": item.at,
        "day": day_words(item.at, now, item.zone),
        "zone": item.zone,
        "sentence": _together(group) if several else item.sentence,
        "detail": "" if several else item.detail,
        "url": _where_to(group[0]),
        "word": _(WORDS[item.kind]) if item.kind in WORDS else None,
        "parts": [_part(each) for each in group] if several else [],
        "parts_lead": _("Which proofs") if item.kind == "review" else _("Who, and why"),
        "try_again": _try_again(item),
    }


def _together(group: list[inbox.Item]) -> str:
    first = group[0]
    assert first.run is not None, "only those of one run are grouped"
    where = inbox.place_words(first.run)
    if first.kind == "review":
        return ngettext(
            "%(num)s proof of %(where)s waits for you.",
            "%(num)s proofs of %(where)s wait for you.",
            len(group),
            where=where,
        )
    return ngettext(
        "%(num)s person could not be told what is theirs of %(where)s.",
        "%(num)s people could not be told what is theirs of %(where)s.",
        len(group),
        where=where,
    )


def _part(item: inbox.Item) -> dict[str, Any]:
    part = {"sentence": item.sentence, "detail": item.detail}
    if item.who:
        mend = url_for("people.people", _anchor=f"person-{item.who}")
        return part | {"url": mend, "word": _("See how to reach them")}
    return part | {"url": _where_to(item), "word": _(WORDS.get(item.kind, "Open"))}


def _try_again(item: inbox.Item) -> str | None:
    if item.stuck is None:
        return None
    what, subject = item.stuck
    if what == "step":
        return url_for("inbox.try_step_again", step_run_id=subject)
    return url_for("inbox.try_run_again", run_id=subject)


def _where_to(item: inbox.Item) -> str:
    """Where it is decided: doing and reviewing happen on pages that the browser renders."""
    if item.kind == "review":
        return url_for("shells.approve", step_run_id=item.subject)
    if item.kind == "missed":
        return url_for("shells.run", run_id=item.subject)
    if item.kind == "held":
        return url_for("held.show", command_id=item.subject)
    return url_for("runs.run", run_id=item.subject)
