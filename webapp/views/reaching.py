"""Trying out on the page of people whether messages reach somebody."""

from typing import Any

from apiflask import APIBlueprint
from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.context import now, session
from webapp.models import OutboxMessage, Person
from webapp.rules.sentences import N_
from webapp.services import locations, people, reachability, told
from webapp.services.reachability import Reachability
from webapp.views import reach_words, told_words
from webapp.views.identity import somebody
from webapp.views.policy import MANAGERS, policy
from webapp.words import gettext as _

blueprint = APIBlueprint("reaching", __name__, enable_openapi=False)

TO_ONESELF = {
    "works": N_("Messages reach you."),
    "unconfirmed": N_(
        "You have turned messages on, and none has arrived yet. Send yourself a test."
    ),
    "refused": N_(
        "The push service takes no messages for your device any more. Turn them on again."
    ),
    "other_only": N_("You are told by e-mail or another channel, on no device. Set this one up."),
    "no_device": N_("No device tells you when something becomes yours. Set this one up."),
    "left": N_("You work here no more."),
}


@blueprint.post("/people/<person_id>/test-message", endpoint="test_message")
@policy(MANAGERS)
def send_test(person_id: str) -> ResponseReturnValue:
    """Send a person a test message; the page of people then says what became of it."""
    person = people.of(session(), somebody().org_id, person_id)
    message = reachability.send_test(session(), somebody(), person, now())
    session().commit()
    where = url_for("people.people", tested=message.id, _anchor=f"person-{person.id}")
    return redirect(where, 303)


def of_members(asking: Person, members: list[Person]) -> dict[str, dict[str, Any]]:
    """Return for each person how they are reached, and what became of the test just sent."""
    hows = reachability.of_people(session(), members)
    tested = _tested(asking)
    working = [person for person in members if person.deactivated_at is None]
    others = [person for person in working if person is not asking]
    together = reach_words.said_together(others, hows)
    return {
        person.id: {
            "how": _in_words(asking, person, hows[person.id])
            | ({"sentence": ""} if person.id in together else {}),
            "together": together.get(person.id, ""),
            "lacks_device": hows[person.id].lacks_device,
            "may_test": person is asking or people.may_look_after(asking, person),
            "test": tested.get(person.id),
        }
        for person in working
    }


def of_oneself(person: Person) -> dict[str, Any]:
    """Return how the person is reached, in words to themselves."""
    return _in_words(person, person, reachability.of_person(session(), person))


def _in_words(asking: Person, person: Person, how: Reachability) -> dict[str, Any]:
    said = reach_words.shown(how)
    return said | {"sentence": _(TO_ONESELF[how.state])} if person is asking else said


def _tested(asking: Person) -> dict[str, dict[str, Any]]:
    """The test message named in the address, by the id of the person it went to."""
    message = session().get(OutboxMessage, request.args.get("tested", ""))
    if message is None or message.org_id != asking.org_id or message.kind != "test":
        return {}
    person = session().get_one(Person, message.person_id)
    places = person.locations or locations.all_of(session(), asking.org_id)
    how_far = told.of_messages(session(), [message])[message.id]
    return {person.id: told_words.shown(how_far, person.name, places[0].time_zone)}
