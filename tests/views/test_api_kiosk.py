"""What a paired tablet may ask, and what it is told."""

import pytest

from tests.factories import crew_of_a_daycare, process, signed_in
from tests.kiosks import WRONG, with_pin
from tests.views.kiosk_day import kiosk_day, monday, sealed  # noqa: F401
from webapp.models import Device, Kiosk, Location, Person, Turn
from webapp.services import kiosks


@pytest.fixture
def day(kiosk_day):  # noqa: F811
    return kiosk_day()


def elsewhere(day, name="Dana"):
    """Riverside, where Dana works and has a PIN."""
    place = Location(
        org_id=day.crew.org_id, name="Riverside", time_zone="UTC", created_at=day.clock.now()
    )
    dana = Person(org_id=day.crew.org_id, name=name, role="staff", created_at=day.clock.now())
    dana.locations = [place]
    day.session.add_all([place, dana])
    day.crew.people[name.lower()] = dana
    with_pin(day.session, dana)
    return place


def test_the_board_shows_the_location_its_day_and_its_people(day):
    board = day.tablet.board()
    assert board.status_code == 200, board.json
    shown = board.json
    assert shown["kiosk"] == {"id": day.tablet.kiosk_id, "name": "Kitchen tablet"}
    assert shown["organisation"]["name"] == "Sunflower"
    assert shown["location"]["name"] == "Downtown"
    assert shown["location"]["time_zone"] == "America/Chicago"
    assert [person["name"] for person in shown["people"]] == ["Ana", "Ben", "Fay", "Maya", "Olivia"]
    assert [person["has_pin"] for person in shown["people"]] == [True, True, False, False, False]
    assert shown["people"][0]["initials"] == "A"
    assert {run["process"] for run in shown["runs"]} == {"Opening check"}
    assert len(shown["runs"]) == 3  # today's, tomorrow's and the day after
    assert not any(step["mine"] for run in shown["runs"] for step in run["steps"])
    assert (shown["sign_out_after_s"], shown["languages"]) == (120, ["en"])


def test_the_board_gives_the_public_half_of_the_seal_key_and_nothing_more(day):
    key = day.tablet.board().json["seal_key"]
    assert set(key) == {"kty", "alg", "ext", "key_ops", "n", "e"}
    assert (key["kty"], key["alg"]) == ("RSA", "RSA-OAEP-256")


def test_the_board_knows_nothing_of_another_location(day):
    place = elsewhere(day)
    riverside = day.another_tablet(location=place, name="Riverside tablet")
    shown = riverside.board().json
    assert ([person["name"] for person in shown["people"]], shown["runs"]) == (["Dana"], [])
    assert "Dana" not in day.tablet.board().text


def test_who_stands_in_for_somebody_from_elsewhere_is_on_the_board(day):
    elsewhere(day)
    day.crew.people["fay"] = day.crew.dana
    process(day.session, day.crew, day.clock.now(), name="Closing check")
    assert "Dana" in [person["name"] for person in day.tablet.board().json["people"]]


def test_who_is_away_today_is_marked_and_who_left_is_gone(day):
    day.browser("ben").post("/api/v1/absences/sick-today", json={})
    day.crew.fay.deactivated_at = day.clock.now()
    day.session.commit()
    people = {each["name"]: each["away"] for each in day.tablet.board().json["people"]}
    assert people == {"Ana": False, "Ben": True, "Maya": False, "Olivia": False}


def test_the_cookie_is_renewed_at_each_use_and_no_script_reads_it(day):
    cookie = day.tablet.board().headers["Set-Cookie"]
    assert cookie.startswith(f"baton-kiosk={day.tablet.token};")
    for part in ("HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=34560000"):
        assert part in cookie


def test_the_right_pin_begins_a_turn_and_the_same_again_is_the_same(day):
    told = day.tablet.turn("ana")
    first = day.tablet.client.post("/api/v1/kiosk/turns", json=told)
    again = day.tablet.client.post("/api/v1/kiosk/turns", json=told)
    assert (first.status_code, first.json) == (again.status_code, again.json)
    assert first.json == {
        "turn": told["turn"],
        "person": {"id": day.crew.ana.id, "name": "Ana"},
    }


def test_wrong_pins_say_how_many_are_left_and_then_until_when_to_wait(day):
    left = []
    for _ in range(5):
        answer = day.tablet.begins("ana", WRONG)
        assert (answer.status_code, answer.json["code"]) == (401, "pin_wrong")
        left.append((answer.json["tries_left"], answer.json["until"] is not None))
    assert left == [(4, False), (3, False), (2, False), (1, False), (0, True)]
    locked = day.tablet.begins("ana")
    assert (locked.status_code, locked.json["code"]) == (429, "pin_locked")
    assert locked.json["until"] == answer.json["until"]
    day.clock.advance(seconds=30)
    assert day.tablet.begins("ana").status_code == 200


def test_a_locked_kiosk_says_so_and_keeps_nothing_of_further_tries(day):
    with_pin(day.session, day.crew.fay)
    for _ in range(10):
        day.tablet.begins("ana", WRONG)
        day.tablet.begins("ben", WRONG)
        day.clock.advance(minutes=17)
    known = day.session.query(Turn).count()
    answer = day.tablet.begins("fay")
    assert (answer.status_code, answer.json["code"]) == (429, "kiosk_locked")
    assert day.session.query(Turn).count() == known


def test_two_tablets_count_apart(day):
    other = day.another_tablet(name="Front desk")
    for _ in range(5):
        day.tablet.begins("ana", WRONG)
    assert other.begins("ana").status_code == 200


@pytest.mark.parametrize("pin", ["", "471926 ", "4719260", "\u0664\u0667\u0661\u0669\u0662\u0666"])
def test_only_the_very_pin_is_right(day, pin):
    assert day.tablet.begins("ana", pin).json["code"] == "pin_wrong"


def test_a_seal_of_another_turn_or_person_is_refused_as_wrong(day):
    seal = day.sealed(day.crew.ana, "turn-of-before")
    assert day.tablet.begins("ana", sealed=seal).json["code"] == "pin_wrong"
    of_ben = day.sealed(day.crew.ben, "turn-x")
    assert day.tablet.begins("ana", turn="turn-x", sealed=of_ben).json["code"] == "pin_wrong"


@pytest.mark.parametrize("seal", ["bm90IGEgc2VhbA==", "not base64", "A" * 512, "A"])
def test_what_is_no_seal_is_a_wrong_pin(day, seal):
    assert day.tablet.begins("ana", sealed=seal).json["code"] == "pin_wrong"


def test_a_seal_cannot_be_guessed_again_under_a_turn_that_is_known(day):
    told = day.tablet.turn("ana", WRONG)
    day.tablet.client.post("/api/v1/kiosk/turns", json=told)
    again = told | {"sealed": day.sealed(day.crew.ana, told["turn"])}
    answer = day.tablet.client.post("/api/v1/kiosk/turns", json=again)
    assert (answer.status_code, answer.json["code"]) == (409, "id_reused")


def test_a_person_without_a_pin_is_told_how_to_get_one(day):
    answer = day.tablet.begins("fay")
    assert (answer.status_code, answer.json["code"]) == (409, "pin_missing")


def test_nobody_from_elsewhere_and_nobody_who_left_gets_a_turn(day):
    elsewhere(day)
    assert day.tablet.begins("dana").status_code == 404
    day.crew.ana.deactivated_at = day.clock.now()
    day.session.commit()
    assert day.tablet.begins("ana").status_code == 404
    stranger = day.tablet.turn("ben") | {"person": "01NEVER0000000000000000000"}
    assert day.tablet.client.post("/api/v1/kiosk/turns", json=stranger).status_code == 404


def test_a_tablet_of_another_organisation_knows_nobody_here(day, app, session, clock):
    bakery = crew_of_a_daycare(session, clock.now(), name="Bakery")
    ours, day.crew = day.crew, bakery
    theirs = day.another_tablet(name="Bakery tablet")
    day.crew = ours
    assert theirs.begins("ana").status_code == 404
    shown = theirs.board().json
    assert (shown["organisation"]["name"], shown["runs"]) == ("Bakery", [])
    assert ours.ana.id not in theirs.board().text


def test_a_revoked_tablet_is_told_so_at_once(day):
    kiosk = day.session.get_one(Kiosk, day.tablet.kiosk_id)
    kiosks.revoke(day.session, day.crew.olivia, kiosk, day.clock.now())
    day.session.commit()
    for answer in (day.tablet.board(), day.tablet.begins("ana"), day.tablet.sync()):
        assert (answer.status_code, answer.json["code"]) == (401, "kiosk_revoked")
    assert day.session.get_one(Device, (day.crew.org_id, day.tablet.device)).revoked_at
    kiosks.let_in_again(day.session, day.crew.olivia, kiosk, day.clock.now())
    day.session.commit()
    assert day.tablet.board().status_code == 200


@pytest.mark.parametrize("cookie", [None, "nonsense", "A" * 43])
def test_a_tablet_that_is_none_is_told_to_be_paired(app, cookie):
    client = app.test_client()
    if cookie:
        client.set_cookie("baton-kiosk", cookie)
    answer = client.get("/api/v1/kiosk", headers={"Baton-Kiosk": "1"})
    assert (answer.status_code, answer.json["code"]) == (401, "kiosk_unknown")


def test_whoever_is_signed_in_on_the_tablet_does_not_count_there(day):
    browser = signed_in(day.app, day.session, day.crew.olivia, day.clock.now())
    browser.set_cookie("baton-kiosk", day.tablet.token)
    as_kiosk = {"Baton-Kiosk": "1"}
    assert browser.get("/api/v1/kiosk", headers=as_kiosk).status_code == 200
    assert browser.get("/api/v1/today", headers=as_kiosk).status_code == 403
    assert browser.get("/api/v1/today").status_code == 200
    assert browser.get("/api/v1/kiosk").status_code == 403


def test_a_token_of_a_person_opens_nothing_of_a_kiosk(day):
    headers = {"Baton-Kiosk": "1", "Authorization": "Bearer baton_x"}
    answer = day.app.test_client().get("/api/v1/kiosk", headers=headers)
    assert (answer.status_code, answer.json["code"]) == (401, "kiosk_unknown")
    assert day.tablet.client.get("/api/v1/today", headers=headers).status_code == 403


def test_another_site_cannot_begin_a_turn(day):
    answer = day.tablet.client.post(
        "/api/v1/kiosk/turns",
        json=day.tablet.turn("ana"),
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert (answer.status_code, answer.json["code"]) == (403, "cross_site")
