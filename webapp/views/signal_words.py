"""What was noticed, in the same words for whoever reads it: what is so, why it may be, what to do.

Never an accusation: a number beside the usual one, an honest cause, and something to do together.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from webapp.context import session
from webapp.formats import local_day, number, row, wait
from webapp.models import Person, ProcessVersion, Signal, Step
from webapp.rules.sentences import N_, Reading
from webapp.words import gettext as _
from webapp.words import ngettext, translated

# By kind, and where a kind says two things by what it says.
SENTENCES = {
    # Translators: a round is one person's way through the steps of a run.
    "burst": N_(
        "%(hits)s of %(of)s rounds at %(place)s were given within about %(took)s. Usual is"
        " %(usual)s."
    ),
    "deadline": N_(
        "%(hits)s of %(of)s rounds at %(place)s were given as a whole in the last %(minutes)s"
        " before the deadline, in less than half of the usual time."
    ),
    "pace": N_(
        "In %(hits)s of %(of)s runs at %(place)s, “%(step)s” came about %(took)s after the step"
        " before. Usual is %(usual)s."
    ),
    "same most": N_(
        "%(hits)s of %(of)s readings of “%(step)s” at %(place)s were exactly %(value)s."
    ),
    "same last": N_(
        "%(hits)s of %(of)s readings at %(place)s were exactly the reading that stood there before."
    ),
    "regular spread": N_(
        "%(hits)s of %(of)s readings at %(place)s lie in the narrow band that usually holds half of"
        " them."
    ),
    "regular even": N_(
        "%(hits)s of %(of)s readings at %(place)s changed by exactly as much as the time before."
    ),
    # Translators: %(digits)s are three digits: “3, 4, 7”.
    "digits": N_(
        "%(hits)s of %(of)s readings at %(place)s end in one of %(digits)s. An instrument shows"
        " each digit about one time in ten."
    ),
    "two_pins": N_(
        "In %(hits)s of %(of)s turns at the kiosk of %(place)s one person's PIN followed another's"
        " within %(seconds)s seconds, nearly always in the same order."
    ),
    "two_pins named": N_(
        "In %(hits)s of %(of)s turns at the kiosk of %(place)s the PIN of %(second)s followed that"
        " of %(first)s within %(seconds)s seconds, nearly always in this order."
    ),
}
AGAINST = {
    "others": N_("Of the others there: %(hits)s of %(of)s."),
    "usual": N_("Of the others there in 90 days: %(hits)s of %(of)s."),
    "elsewhere": N_("At other places: %(hits)s of %(of)s."),
    "earlier": N_("There before: %(hits)s of %(of)s."),
}
CAUSES = {
    "burst": N_(
        "An honest cause: it is written on paper on the way and entered afterwards, or all of it is"
        " within reach."
    ),
    "deadline": N_("An honest cause: it is done before, and entered when there is time at last."),
    "pace": N_("An honest cause: this step is done together with the one before."),
    "same": N_(
        "An honest cause: what is measured holds very steady, or the display hangs or rounds."
    ),
    "regular": N_("An honest cause: what is measured holds steadier at that hour."),
    "digits": N_("An honest cause: readings are rounded, or the instrument favours some digits."),
    "two_pins": N_(
        "An honest cause: both always come to the kiosk together, one behind the other."
    ),
}
TO_DO = {
    "burst": N_("Walk the round together once. Make it shorter, or ask for a scan at each spot."),
    "deadline": N_("Ask what the hour before is like. Move the deadline, or give less to it."),
    "pace": N_("Do the step together once. Leave it out where nobody needs it."),
    "same": N_(
        "Read the instrument together twice. Have it checked, or ask for a photo of the display."
    ),
    "regular": N_("Read the instrument together. Ask for a photo of the display for a while."),
    "digits": N_("Ask for a photo of the display instead of a typed number for a while."),
    "two_pins": N_(
        "Ask both. Whoever stands in for somebody can be named in the chain and sign in as"
        " themselves."
    ),
}


def shown(signals: Iterable[Signal]) -> list[dict[str, Any]]:
    """Return each as a page shows it and as the API gives it out."""
    return [_shown(each) for each in signals]


def _shown(signal: Signal) -> dict[str, Any]:
    zone = signal.location.time_zone
    return {
        "id": signal.id,
        "kind": signal.kind,
        "process": {"id": signal.process_id, "name": signal.process.name},
        "location": {"id": signal.location_id, "name": signal.location.name},
        "step": signal.step_key and {"key": signal.step_key, "title": _title(signal)},
        "person": signal.person and {"id": signal.person.id, "name": signal.person.name},
        "facts": signal.facts,
        "sentence": " ".join(filter(None, [_sentence(signal), _beside(signal.facts)])),
        "cause": translated(CAUSES[signal.kind]),
        "to_do": translated(TO_DO[signal.kind]),
        "when": _when(signal, zone),
        "noticed_at": signal.noticed_at,
        "from": signal.seen_from,
        "until": signal.seen_until,
        "gone_at": signal.gone_at,
        "explanation": signal.explanation,
        "explained_at": signal.explained_at,
        "explained": signal.explained_at and local_day(signal.explained_at, zone),
    }


def _when(signal: Signal, zone: str) -> str:
    since = _("Noticed %(day)s", day=local_day(signal.noticed_at, zone))
    gone = signal.gone_at and _("gone since %(day)s", day=local_day(signal.gone_at, zone))
    return row(since, gone or "")


def _sentence(signal: Signal) -> str:
    facts = signal.facts
    said = f"{signal.kind} {facts['what']}" if "what" in facts else signal.kind
    said = "two_pins named" if "first" in facts else said
    values = {"hits": facts["hits"], "of": facts["of"]} | _measures(facts) | _names(facts)
    return _(SENTENCES[said], place=signal.location.name, step=_title(signal), **values)


def _measures(facts: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"minutes": wait(facts["minutes"])} if "minutes" in facts else {}
    if "usual" in facts:
        found |= {"took": _length(facts["seconds"]), "usual": _length(facts["usual"])}
    elif "seconds" in facts:
        found["seconds"] = facts["seconds"]
    if "value" in facts:
        found["value"] = Reading(f"{facts['value']} {facts['unit']}".rstrip())
    if "digits" in facts:
        found["digits"] = row(*facts["digits"].split())
    return found


def _length(seconds: int) -> str:
    if seconds < 120:
        return ngettext("%(num)s second", "%(num)s seconds", seconds)
    return wait(round(seconds / 60))


def _names(facts: dict[str, Any]) -> dict[str, str]:
    people = {
        which: session().get(Person, facts[which])
        for which in ("first", "second")
        if which in facts
    }
    return {which: person.name if person else "" for which, person in people.items()}


def _beside(facts: dict[str, Any]) -> str:
    """What the same is elsewhere; nothing where it was not held against anything."""
    if not facts.get("there_of"):
        return ""
    words = AGAINST[facts["against"]]
    return _(words, hits=number(facts["there_hits"]), of=number(facts["there_of"]))


def _title(signal: Signal) -> str:
    """What the step is called now, or was called last."""
    if signal.step_key is None:
        return ""
    query = (
        select(Step.title)
        .join(ProcessVersion, ProcessVersion.id == Step.version_id)
        .where(ProcessVersion.process_id == signal.process_id, Step.key == signal.step_key)
        .order_by(ProcessVersion.number.desc())
        .limit(1)
    )
    return session().scalars(query).first() or ""
