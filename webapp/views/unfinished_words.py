"""Uploads that nobody finished, as rows of the owner's page before they are given up."""

from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from webapp.models import Person, Proof, StepRun
from webapp.rules.moment_words import clock_words, day_words
from webapp.services import reviews, unfinished
from webapp.words import gettext as _
from webapp.words import translated


def rows(session: Session, person: Person, now: datetime) -> list[dict[str, Any]]:
    """Return a row for each claim whose bytes stopped on their way weeks ago; owners see them."""
    if person.role != "owner":
        return []
    return [
        _row(proof, step_run, lingering.given_up_at, now)
        for lingering in unfinished.lingering(session, now, person.org_id)
        for proof, step_run in lingering.claims
        if proof.state == "awaiting"
    ]


def _row(proof: Proof, step_run: StepRun, gone_at: datetime, now: datetime) -> dict[str, Any]:
    run = step_run.run
    zone = run.location.time_zone
    what = _(
        "%(name)s's %(proof)s of “%(step)s”",
        name=proof.person.name,
        proof=translated(reviews.PROOF_WORDS[proof.kind]),
        step=step_run.title,
    )
    given = clock_words(proof.received_at, now, zone)
    return {
        "kind": "unfinished",
        "need": True,
        "at": proof.received_at,
        "day": day_words(proof.received_at, now, zone),
        "zone": zone,
        "sentence": _(
            "%(what)s never arrived whole. It was begun at %(given)s.", what=what, given=given
        ),
        "detail": _(
            "%(process)s at %(location)s. Ask %(person)s to open Baton on that phone. What came of"
            " it is cleared %(when)s.",
            process=run.process.name,
            location=run.location.name,
            person=proof.person.name,
            when=_when(gone_at, now, zone),
        ),
        "url": url_for("runs.run", run_id=run.id),
        "try_again": None,
    }


def _when(gone_at: datetime, now: datetime, zone: str) -> str:
    if gone_at <= now:
        return _("soon")
    return _("after %(at)s", at=clock_words(gone_at, now, zone))
