"""What is done at a kiosk counts as its person's once their PIN bears it out."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from tests.day import photo, photo_proof
from tests.factories import crew_of_a_daycare, process, proof
from tests.kiosks import WRONG, paired
from tests.views.api_day import NOTES
from tests.views.kiosk_day import Tablet, kiosk_day, monday, sealed  # noqa: F401
from tests.views.test_api_kiosk import elsewhere
from webapp.models import Command, Device, Event, Kiosk, PinTries, Proof, StepRun, Turn
from webapp.services import kiosks


@pytest.fixture
def day(kiosk_day):  # noqa: F811
    return kiosk_day(steps=NOTES)


def statuses(answer):
    assert answer.status_code == 200, answer.json
    return [(each["status"], each["code"]) for each in answer.json["results"]]


def told(answer):
    return [(each["status"], each["code"]) for each in answer.json["turns"]]


def states(day):
    day.session.expire_all()
    return [step.state for step in day.step.run.step_runs]


def test_work_of_a_verified_turn_is_its_persons_and_the_record_names_the_kiosk(monday):  # noqa: F811
    turn = monday.tablet.verified("ana")
    answer = monday.tablet.sync(monday.tablet.command(turn, 1), monday.tablet.command(turn, 2))
    assert statuses(answer) == [("applied", "done")] * 2
    assert states(monday) == ["done", "done", "open"]
    assert monday.step.closed_by.name == "Ana"
    event = monday.session.scalars(select(Event).where(Event.kind == "step.done")).first()
    assert event.actor == monday.crew.ana.id
    kiosk = {"id": monday.tablet.kiosk_id, "name": "Kitchen tablet", "turn": turn}
    assert event.payload["kiosk"] == kiosk
    command = monday.session.scalars(select(Command)).first()
    assert (command.turn_id, command.device_id) == (turn, monday.tablet.device)


def test_a_turn_without_a_connection_is_verified_with_its_work(monday):  # noqa: F811
    turn = monday.tablet.turn("ana")
    answer = monday.tablet.sync(monday.tablet.command(turn["turn"]), turns=[turn])
    assert told(answer) == [("verified", None)]
    assert statuses(answer) == [("applied", "done")]
    again = monday.tablet.sync(turns=[turn])
    assert told(again) == [("verified", None)]
    assert monday.session.query(PinTries).one().wrong == 0


def test_work_of_a_wrong_pin_is_held_and_the_owner_can_accept_it(monday):  # noqa: F811
    turn = monday.tablet.turn("ana", WRONG)
    command = monday.tablet.command(turn["turn"])
    answer = monday.tablet.sync(command, turns=[turn])
    assert told(answer) == [("refused", "pin_wrong")]
    assert statuses(answer) == [("held", "pin_wrong")]
    assert states(monday)[0] == "open"
    shown = monday.browser("olivia").get(f"/held/{command['id']}").text
    assert "Said to be by Ana; the PIN did not fit." in shown
    assert monday.browser("olivia").post(f"/held/{command['id']}/use").status_code == 303
    assert states(monday)[0] == "done"


@pytest.mark.parametrize("kind", ["cannot_do", "fix_note", "not_applicable"])
def test_words_of_a_wrong_pin_are_held_too(kiosk_day, kind):  # noqa: F811
    day = kiosk_day(steps=NOTES)
    day.step.may_skip = True
    day.session.commit()
    turn = day.tablet.turn("ana", WRONG)
    said = {"kind": kind, "proof": None, "reason": "No key.", "text": "Mended."}
    answer = day.tablet.sync(day.tablet.command(turn["turn"]) | said, turns=[turn])
    assert statuses(answer) == [("held", "pin_wrong")]
    assert states(day)[0] == "open"


def test_two_people_take_turns_and_each_has_their_own_work(day):
    day.later(minutes=55)  # Ana missed it: now it is with Ben
    ana, ben = day.tablet.verified("ana"), day.tablet.verified("ben")
    answer = day.tablet.sync(day.tablet.command(ana, 1), day.tablet.command(ben, 2))
    assert [status for status, _ in statuses(answer)] == ["applied", "applied"]
    day.session.expire_all()
    closed = [step.closed_by.name for step in day.step.run.step_runs[:2]]
    assert closed == ["Ana", "Ben"]


def test_who_never_held_the_step_is_held_as_on_a_phone(day):
    turn = day.tablet.verified("ben")
    assert statuses(day.tablet.sync(day.tablet.command(turn))) == [("held", "not_on_chain")]


def test_a_command_of_a_turn_that_is_not_known_stays_on_the_tablet(day):
    answer = day.tablet.sync(
        day.tablet.command("never"), day.command(2), day.tablet.command("x" * 70), 7
    )
    assert answer.json["results"] == []
    assert day.session.query(Command).count() == 0


@pytest.mark.parametrize("turn", [7, {}, {"turn": "t"}, {"turn": "t", "sealed": "x" * 5000}])
def test_a_turn_that_cannot_be_read_is_said_to_be_unknown(day, turn):
    assert told(day.tablet.sync(turns=[turn])) == [("unknown", "turn_unreadable")]


def test_a_turn_of_somebody_who_is_nobody_here_stays_on_the_tablet(day):
    turn = day.tablet.turn("ana") | {"person": "01NEVER0000000000000000000"}
    answer = day.tablet.sync(day.tablet.command(turn["turn"]), turns=[turn])
    assert (told(answer), answer.json["results"]) == ([("unknown", "turn_unknown")], [])


def test_a_sealed_pin_of_another_turn_bears_nothing_out(day):
    first = day.tablet.turn("ana")
    copied = day.tablet.turn("ana") | {"sealed": first["sealed"]}
    answer = day.tablet.sync(day.tablet.command(copied["turn"]), turns=[first, copied])
    assert told(answer) == [("verified", None), ("refused", "pin_wrong")]
    assert statuses(answer) == [("held", "pin_wrong")]


def test_somebody_without_a_pin_and_somebody_from_elsewhere_are_held(day):
    elsewhere(day)
    fay, dana = day.tablet.turn("fay"), day.tablet.turn("dana")
    answer = day.tablet.sync(
        day.tablet.command(fay["turn"]), day.tablet.command(dana["turn"], 2), turns=[fay, dana]
    )
    assert told(answer) == [("refused", "pin_missing"), ("refused", "not_here")]
    assert statuses(answer) == [("held", "pin_unchecked")] * 2


def test_guesses_without_a_connection_are_counted_as_any_others(day):
    wrong = [day.tablet.turn("ana", WRONG) for _ in range(5)]
    right = day.tablet.turn("ana")
    answer = day.tablet.sync(day.tablet.command(right["turn"]), turns=[*wrong, right])
    assert told(answer) == [("refused", "pin_wrong")] * 5 + [("refused", "pin_locked")]
    assert statuses(answer) == [("held", "pin_unchecked")]


def test_who_leaves_in_the_middle_of_a_turn_is_held(day):
    turn = day.tablet.verified("ana")
    day.crew.ana.deactivated_at = day.clock.now()
    day.session.commit()
    assert statuses(day.tablet.sync(day.tablet.command(turn))) == [("held", "person_left")]


def test_a_turn_lasts_fifteen_minutes_after_its_last_work_by_the_time_of_capture(day):
    turn, start = day.tablet.verified("ana"), day.clock.now()
    day.later(minutes=29)
    captured = [(start + timedelta(minutes=each)).isoformat() for each in (14, 28, 44)]
    first, second, third = (
        day.tablet.command(turn, position, captured_at=at)
        for position, at in zip((1, 2, 3), captured, strict=True)
    )
    answer = day.tablet.sync(first, second, third)
    assert statuses(answer) == [("applied", "done"), ("applied", "done"), ("held", "turn_over")]


def test_work_for_another_location_is_held_and_nothing_is_told_of_it(day):
    place = elsewhere(day)
    riverside = day.another_tablet(location=place, name="Riverside tablet")
    day.crew.ana.locations.append(place)
    day.session.commit()
    turn = riverside.verified("ana")
    known = riverside.command(turn)
    unknown = riverside.command(turn) | {"step_run": "01NEVER0000000000000000000"}
    bad = riverside.command(turn, proof={"kind": "number", "value": "4"})
    answers = riverside.sync(known, unknown, bad).json["results"]
    assert [each | {"id": ""} for each in answers] == [answers[1] | {"id": ""}] * 3
    assert (answers[0]["code"], answers[0]["step_run"]) == ("step_unknown", None)
    held = day.browser("olivia").get(f"/held/{known['id']}").text
    assert "Step 1" in held
    assert states(day)[0] == "open"


def test_a_kiosk_of_another_organisation_reaches_nothing_here(day, session, clock):
    bakery = crew_of_a_daycare(session, clock.now(), name="Bakery")
    theirs = Tablet(day, *paired(session, bakery, clock.now(), device=day.tablet.device))
    turn = day.tablet.verified("ana")
    answer = theirs.sync(day.tablet.command(turn), turns=[day.tablet.turn("ana")])
    assert (told(answer), answer.json["results"]) == ([("unknown", "turn_unknown")], [])
    assert states(day)[0] == "open"


def test_a_turn_of_one_kiosk_does_not_count_at_another(day):
    other = day.another_tablet(name="Front desk")
    turn = day.tablet.verified("ana")
    assert other.sync(other.command(turn)).json["results"] == []


def test_unsent_work_counts_once_the_tablet_is_paired_again(day):
    turn = day.tablet.turn("ana")
    command = day.tablet.command(turn["turn"])
    kiosk = day.session.get_one(Kiosk, day.tablet.kiosk_id)
    kiosks.revoke(day.session, day.crew.olivia, kiosk, day.clock.now())
    day.session.commit()
    assert day.tablet.sync(command, turns=[turn]).json["code"] == "kiosk_revoked"
    again = day.another_tablet(device=day.tablet.device)
    assert statuses(again.sync(command, turns=[turn])) == [("applied", "done")]


def test_the_same_command_again_gets_its_receipt_again(day):
    turn = day.tablet.verified("ana")
    command = day.tablet.command(turn)
    first, again = day.tablet.sync(command), day.tablet.sync(command)
    assert first.json["results"] == again.json["results"]
    assert statuses(day.tablet.sync(command | {"attempt": 2})) == [("rejected", "id_reused")]


def test_one_bad_command_holds_up_no_other(day):
    turn = day.tablet.verified("ana")
    bad = day.tablet.command(turn, captured_at="yesterday")
    answer = day.tablet.sync(bad, day.tablet.command(turn, proof=None), day.tablet.command(turn))
    assert statuses(answer) == [
        ("rejected", "command_unreadable"),
        ("rejected", "proof_missing"),
        ("applied", "done"),
    ]


def test_an_empty_batch_says_that_the_tablet_is_there_and_what_waits_on_it(day):
    day.clock.advance(minutes=5)
    state = {"waiting": 2, "bytes": 10, "seqs": [4, 5], "version": "2.1"}
    day.tablet.sync(device_state=state)
    device = day.session.get_one(Device, (day.crew.org_id, day.tablet.device))
    assert (device.person_id, device.waiting, device.app_version) == (None, 2, "2.1")
    assert device.last_seen_at == day.clock.now()


def test_a_photo_goes_the_same_way_and_no_other_bytes_do(kiosk_day):  # noqa: F811
    day = kiosk_day(steps=(("Room", proof("photo")),))
    turn, content = day.tablet.verified("ana"), photo()
    sha256 = photo_proof(content)["sha256"]
    headers = {"Upload-Offset": "0", "Upload-Length": str(len(content))}
    address = f"/api/v1/blobs/{sha256}"
    assert day.tablet.client.put(address, data=content, headers=headers).status_code == 404
    answer = day.tablet.sync(day.tablet.command(turn, proof=photo_proof(content)))
    assert answer.json["missing_blobs"] == [sha256]
    assert day.tablet.client.head(address).headers["Upload-Offset"] == "0"
    put = day.tablet.client.put(address, data=content, headers=headers)
    assert put.json["step_runs"] == [{"id": day.step.id, "state": "in_review", "attempt": None}]
    assert day.tablet.client.get(address, buffered=True).mimetype == "image/jpeg"
    event = day.session.scalars(select(Event).where(Event.kind == "step.in_review")).one()
    assert event.payload["kiosk"]["turn"] == turn


def test_the_photos_of_another_location_are_not_there(kiosk_day):  # noqa: F811
    day = kiosk_day(steps=(("Room", proof("photo")),))
    content = photo()
    sha256 = photo_proof(content)["sha256"]
    day.announces("ana", content)
    day.put("ana", content)
    riverside = day.another_tablet(location=elsewhere(day), name="Riverside tablet")
    headers = {"Upload-Offset": "0", "Upload-Length": str(len(content))}
    for method, given in (("GET", {}), ("HEAD", {}), ("PUT", {"data": content})):
        answer = riverside.client.open(
            f"/api/v1/blobs/{sha256}", method=method, headers=headers, **given
        )
        assert answer.status_code == 404, method
    ours = day.tablet.client.get(f"/api/v1/blobs/{sha256}", buffered=True)
    assert ours.status_code == 200


def test_a_held_photo_of_a_wrong_pin_is_asked_for_and_can_be_accepted(kiosk_day):  # noqa: F811
    day = kiosk_day(steps=(("Room", proof("photo")),), review="none")
    content, turn = photo(), day.tablet.turn("ana", WRONG)
    command = day.tablet.command(turn["turn"], proof=photo_proof(content))
    answer = day.tablet.sync(command, turns=[turn])
    assert answer.json["missing_blobs"] == [photo_proof(content)["sha256"]]
    headers = {"Upload-Offset": "0", "Upload-Length": str(len(content))}
    sha256 = photo_proof(content)["sha256"]
    assert day.tablet.client.put(f"/api/v1/blobs/{sha256}", data=content, headers=headers).json[
        "complete"
    ]
    day.browser("olivia").post(f"/held/{command['id']}/use")
    assert states(day)[0] == "done"


def test_two_batches_with_the_same_turn_at_once_count_it_once(monday):  # noqa: F811
    tablet, turn = monday.tablet, monday.tablet.turn("ana")
    commands = [tablet.command(turn["turn"], position) for position in (1, 2)]
    together, answers = Barrier(2), []
    browsers = [
        Tablet(monday, monday.session.get_one(Kiosk, tablet.kiosk_id), tablet.token)
        for _ in range(2)
    ]
    batches = [
        {
            "batch": f"both-{number}",
            "device": tablet.device,
            "sent_at": monday.clock.now().isoformat(),
            "turns": [turn],
            "commands": [commands[number]],
        }
        for number in range(2)
    ]
    monday.session.commit()

    def send(number):
        together.wait()
        answer = browsers[number].client.post("/api/v1/kiosk/sync", json=batches[number])
        answers.append((answer.status_code, answer.json))

    threads = [Thread(target=send, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [status for status, _ in answers] == [200, 200], answers
    assert [each["turns"][0]["status"] for _, each in answers] == ["verified"] * 2
    assert states(monday) == ["done", "done", "open"]
    assert monday.session.query(Turn).count() == 1
    tries = monday.session.query(PinTries).one()
    assert (tries.wrong, tries.wrong_today) == (0, 0)


def test_a_second_process_at_the_location_is_worked_on_just_so(day):
    process(day.session, day.crew, day.clock.now(), name="Closing check", steps=NOTES)
    day.later(minutes=1)
    turn = day.tablet.verified("ana")
    query = select(StepRun).where(StepRun.state == "waiting", StepRun.position == 1)
    planned = day.session.scalars(query).first()
    answer = day.tablet.sync(day.tablet.command(turn, step_run=planned.id))
    assert [status for status, _ in statuses(answer)] == ["applied"]
    assert day.session.scalars(select(Proof)).one().turn_id == turn
