"""Who may call what: every route says so, and no route speaks of another organisation."""

import re
from collections.abc import Iterator

import pytest
from werkzeug.routing import Rule

from tests.day import photo, photo_proof
from tests.factories import crew_of_a_daycare, proof, signed_in
from tests.kiosks import paired
from tests.push_service.devices import Device as Phone
from tests.views.api_day import ApiDay
from webapp import create_app
from webapp.models import Command, Pattern, PushSubscription, Signal
from webapp.rules import patterns as patterns_found
from webapp.rules.signals import Found
from webapp.services import sandboxes, sign_in, signals
from webapp.services.patterns import keeping
from webapp.views import process_form
from webapp.views.policy import ALL_ROLES, declared_policy

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
NEVER = "01NEVER0000000000000000000"
# Shells are the same for everybody: what they show comes from the API.
SHELLS = {"shells.approve", "shells.run", "shells.today"}


def rules(app) -> list[Rule]:
    return list(app.url_map.iter_rules())


def calls(rule: Rule) -> Iterator[str]:
    yield from sorted(rule.methods & {"GET", *UNSAFE})


def test_every_route_declares_who_may_call_it(app):
    undeclared = [rule.rule for rule in rules(app) if declared_policy(rule.endpoint) is None]
    assert undeclared == []


def test_a_route_that_declares_nothing_is_refused(settings, clock):
    app = create_app(settings, clock=clock)
    app.add_url_rule("/undeclared", view_func=lambda: "secret")
    app.add_url_rule("/api/v1/undeclared", "api_undeclared", view_func=lambda: "secret")
    for path in ("/undeclared", "/api/v1/undeclared"):
        answer = app.test_client().get(path)
        assert answer.status_code == 403
        assert "secret" not in answer.text


def test_only_these_routes_are_open_to_everybody(app):
    public = {rule.endpoint for rule in rules(app) if declared_policy(rule.endpoint).public}
    assert {endpoint.partition(".")[0] for endpoint in public} == {
        "api_pairings",
        "api_people",
        "auth",
        "browser_words",
        "front",
        "health",
        "imports",
        "language",
        "openapi",
        "pwa",
        "sandbox",
        "scan",
        "shells",
        "static",
        "styleguide",
    }
    assert {each for each in public if each.startswith("api_")} == {
        "api_pairings.begin",
        "api_pairings.poll",
        "api_people.peek",
    }


def test_only_these_routes_are_open_to_kiosks(app):
    open_to_kiosks = {
        (rule.rule, method)
        for rule in rules(app)
        if declared_policy(rule.endpoint).kiosk
        for method in rule.methods - {"OPTIONS", "HEAD"}
    }
    assert open_to_kiosks == {
        ("/api/v1/kiosk", "GET"),
        ("/api/v1/kiosk/turns", "POST"),
        ("/api/v1/kiosk/away", "PUT"),
        ("/api/v1/kiosk/sync", "POST"),
        ("/api/v1/blobs/<sha256>", "GET"),
        ("/api/v1/blobs/<sha256>", "PUT"),
    }


def test_a_kiosk_gets_in_where_the_policy_says_and_nowhere_else(app, everything):
    day, ours = everything
    tablet = a_tablet(app, day)
    for rule in rules(app):
        declared = declared_policy(rule.endpoint)
        if declared.public:
            continue
        for method in calls(rule):
            answer = ask(tablet, rule, method, ours)
            refused = answer.status_code == 403
            assert refused == (not declared.kiosk), (rule.rule, method, answer.status_code)
            assert answer.status_code < 500, (rule.rule, method)


def test_a_kiosk_is_told_nothing_of_another_organisation(app, session, clock, everything):
    _, theirs = everything
    bakery = crew_of_a_daycare(session, clock.now(), name="Bakery")
    tablet = a_tablet(app, ApiDay(app, session, clock, bakery))
    never = dict.fromkeys(theirs, NEVER) | {"sha256": "ab" * 32, "number": "1"}
    for rule in rules(app):
        if not rule.arguments or not declared_policy(rule.endpoint).kiosk:
            continue
        for method in calls(rule):
            answer, unknown = (ask(tablet, rule, method, ids) for ids in (theirs, never))
            assert answer.status_code == 404, (rule.rule, method)
            assert answer.json == unknown.json, (rule.rule, method)


def test_no_get_changes_anything_by_its_name(app):
    devices = "unlock|sign-off|let-in-again|loss-seen"
    changing = re.compile(rf"retire|deactivate|put-aside|{devices}|/use$|sign-out|/link$|/demo$")
    for rule in rules(app):
        assert not (changing.search(rule.rule) and "GET" in rule.methods), rule.rule


def a_tablet(app, day):
    """The browser of a tablet that this day's owner has paired."""
    _, token = paired(day.session, day.crew, day.clock.now())
    browser = app.test_client()
    browser.set_cookie("baton-kiosk", token)
    browser.environ_base["HTTP_BATON_KIOSK"] = "1"
    return browser


@pytest.fixture
def everything(app, session, clock):
    """One organisation with something of everything, and another one to ask for it."""
    crew = crew_of_a_daycare(session, clock.now())
    day = ApiDay(app, session, clock, crew, steps=(("Room", proof("photo")),))
    day.put("ana", photo())
    day.announces("ana", photo())
    day.announces("fay", photo())
    taken = Phone().subscription("https://fcm.googleapis.com")
    keys = {"p256dh": taken.p256dh, "auth": taken.auth}
    asked = {"device": "phone", "endpoint": taken.endpoint, "keys": keys}
    day.browser("ben").post("/api/v1/push-subscriptions", json=asked)
    sick = day.browser("ben").post("/api/v1/absences/sick-today", json={}).json
    snow = {"location": crew.location.id, "on": "2026-12-24"}
    closed = day.browser("olivia").post("/api/v1/closures", json=snow).json["closures"]
    tried = day.browser("ben").post("/api/v1/test-messages").json
    held = session.query(Command).filter_by(status="held").first()
    return day, {
        "step_run_id": day.step.id,
        "run_id": day.step.run_id,
        "person_id": crew.ben.id,
        "absence_id": sick["id"],
        "closure_id": closed[0]["id"],
        "location_id": crew.location.id,
        "process_id": day.step.run.process_id,
        "subscription_id": session.query(PushSubscription).one().id,
        "sha256": photo_proof(photo())["sha256"],
        "command_id": held.id,
        "device_id": "phone-of-ana",
        "number": "1",
        "message_id": tried["id"],
        "kiosk_id": paired(session, crew, clock.now())[0].id,
        "draft_id": a_draft(session, crew.org_id, clock.now()),
        "filename": "css/base.css",
        "name": "routes",
        "pattern_id": a_pattern(session, day.step.run, clock.now()),
        "signal_id": a_signal(session, day.step.run, crew.ben, clock.now()),
    }


def a_signal(session, run, person, now):
    """The id of something that was noticed about a person's work."""
    facts = {"hits": 20, "of": 20, "against": "others", "what": "last", "chance": "1e-05"}
    found = Found("same", run.location_id, None, person.id, facts)
    person.password_hash = person.password_hash or "set"
    signals.keep(session, run.process, [found], now)
    session.commit()
    return session.query(Signal).filter_by(org_id=run.org_id).one().id


def a_pattern(session, run, now):
    """The id of something that keeps going wrong there."""
    found = patterns_found.Found("no_proof", "", 10, 10, 0.0, process=run.process_id)
    keeping.keep(session, run.org_id, run.process_id, [found], now)
    session.commit()
    return session.query(Pattern).filter_by(org_id=run.org_id).one().id


def a_draft(session, org_id, now):
    """The id of a draft that moved into the organisation with its owner."""
    sandbox = sandboxes.begin(session, now)
    kept = sandboxes.keep(sandbox, process_form.empty(), [])
    sandboxes.move_in(session, sandbox, org_id)
    session.commit()
    return kept["id"]


BODIES = {
    "/api/v1/people/<person_id>": {"name": "X"},
    "/api/v1/me/signals/<signal_id>": {"explanation": "It was so."},
    "/api/v1/reviews/<step_run_id>": {"decision": "approve", "seen": "ab" * 32},
    "/api/v1/processes/<process_id>/wordings/<location_id>": {"steps": []},
    "/api/v1/processes/<process_id>": {
        "name": "X",
        "locations": ["X"],
        "cadence": "every day",
        "deadline": "09:00",
        "chain": [],
        "steps": [],
    },
}


def ask(browser, rule: Rule, method: str, values: dict[str, str]):
    address = re.sub(r"<(?:\w+:)?(\w+)>", lambda match: values[match[1]], rule.rule)
    body = BODIES.get(rule.rule, {})
    given = {"json": body} if rule.rule.startswith("/api/") else {"data": {"token": "x"}}
    if method == "GET" or rule.endpoint == "api_blobs.upload":
        given = {}
    return browser.open(address, method=method, buffered=True, **given)


def test_nothing_of_another_organisation_is_shown_changed_or_hinted_at(
    app, session, clock, everything
):
    _, theirs = everything
    bakery = crew_of_a_daycare(session, clock.now(), name="Bakery")
    never = dict.fromkeys(theirs, NEVER) | {"sha256": "ab" * 32, "number": "1"}
    asked = 0
    for rule in rules(app):
        if not rule.arguments or declared_policy(rule.endpoint).public:
            continue
        for method in calls(rule):
            if rule.endpoint == "api_blobs.upload":
                continue  # bytes of the same hash are one's own: told apart in test_api_blobs
            for role in ("olivia", "maya", "ana"):
                browser = signed_in(app, session, bakery.people[role], clock.now())
                answer = ask(browser, rule, method, theirs)
                unknown = ask(browser, rule, method, never)
                allowed = bakery.people[role].role in declared_policy(rule.endpoint).roles
                expected = 404 if allowed else 403
                assert answer.status_code == expected, (rule.rule, method, role, answer.text[:300])
                assert answer.status_code == unknown.status_code, (rule.rule, method, role)
                if rule.rule.startswith("/api/"):
                    assert answer.json == unknown.json, (rule.rule, method, role)
                asked += 1
    assert asked > 30


def test_each_role_gets_in_where_the_policy_says_and_nowhere_else(app, everything):
    day, ours = everything
    for rule in rules(app):
        declared = declared_policy(rule.endpoint)
        if declared.public or "GET" not in rule.methods:
            continue
        for who, role in (("olivia", "owner"), ("maya", "manager"), ("ana", "staff")):
            answer = ask(day.browser(who), rule, "GET", ours)
            refused = answer.status_code == 403
            assert refused == (role not in declared.roles), (rule.rule, role, answer.status_code)
            assert answer.status_code < 500, (rule.rule, role)


def test_unsafe_requests_of_the_wrong_role_are_refused_before_they_are_read(app, everything):
    day, ours = everything
    for rule in rules(app):
        declared = declared_policy(rule.endpoint)
        if declared.roles == ALL_ROLES:
            continue
        for method in set(calls(rule)) - {"GET"}:
            assert ask(day.browser("ana"), rule, method, ours).status_code == 403, rule.rule


def test_without_signing_in_the_api_answers_401_and_pages_lead_to_signing_in(app, everything):
    _, ours = everything
    for rule in rules(app):
        if declared_policy(rule.endpoint).public:
            continue
        for method in calls(rule):
            answer = ask(app.test_client(), rule, method, ours)
            if rule.rule.startswith("/api/"):
                assert (answer.status_code, answer.json["code"]) == (401, "sign_in_required")
            else:
                assert answer.status_code == 302, (rule.rule, method)
                assert answer.location.startswith("/sign-in"), (rule.rule, method)


def test_shells_show_the_same_to_everybody(app, everything):
    day, ours = everything
    for rule in rules(app):
        if rule.endpoint in SHELLS:
            mine = ask(day.browser("ana"), rule, "GET", ours)
            anybodys = ask(app.test_client(), rule, "GET", ours)
            assert mine.data == anybodys.data, rule.rule


@pytest.mark.parametrize("token", ["nonsense", "baton_", "baton_" + "A" * 43, "\xff"])
def test_a_token_that_is_none_is_refused_and_not_passed_over(client, token):
    answer = client.get("/api/v1/today", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json["code"]) == (401, "token_unknown")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_ends_with_the_person_s_place_here(app, session, crew, clock):
    token = sign_in.create_token(session, crew.ana, clock.now())
    session.commit()
    given = {"Authorization": f"Bearer {token}"}
    assert app.test_client().get("/api/v1/today", headers=given).status_code == 200
    crew.ana.deactivated_at = clock.now()
    session.commit()
    assert app.test_client().get("/api/v1/today", headers=given).status_code == 401


def test_a_token_of_another_organisation_finds_nothing_here(app, session, clock, everything):
    _, theirs = everything
    bakery = crew_of_a_daycare(session, clock.now(), name="Bakery")
    token = sign_in.create_token(session, bakery.olivia, clock.now())
    session.commit()
    given = {"Authorization": f"Bearer {token}"}
    answer = app.test_client().get(f"/api/v1/runs/{theirs['run_id']}", headers=given)
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")
