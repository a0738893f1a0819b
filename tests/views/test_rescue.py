"""A rescue file is taken in: each thing once, as its person's, whoever brings it first."""

import json
from datetime import timedelta
from io import BytesIO
from itertools import count

import pytest
from apiflask import APIFlask
from click.testing import CliRunner
from flask import current_app
from sqlalchemy.exc import IntegrityError

from tests.day import photo, photo_proof
from tests.factories import crew_of_a_daycare, proof
from tests.rescue_files import contents, kept_photo, zipped
from tests.views.api_day import ApiDay
from webapp import context
from webapp.cli import baton
from webapp.models import Command, Device, Event, Proof
from webapp.problems import Problem
from webapp.services import commands, held, people, record, rescue, rescue_file, signing_off
from webapp.views.rescue_intake import Intake

STEPS = (("Gate latch", proof("note")), ("Front room", proof("photo")), ("Door", proof("note")))
numbers = count(1)


@pytest.fixture
def monday(stored, clock):
    app: APIFlask = current_app._get_current_object()
    return ApiDay(app, stored, clock, crew_of_a_daycare(stored, clock.now()), steps=STEPS)


def kept(monday: ApiDay, position: int = 1, who: str = "ana", **more):
    """A command as it lies on the device: as it is sent, and whose it is."""
    command = monday.command(position, **more) | {"seq": next(numbers)}
    return command | {"person": monday.crew.people[who].id, "run": monday.step.run_id}


def takes_in(monday: ApiDay, *commands, photos=(), dry_run=False, **said) -> list[tuple[str, str]]:
    made_at = said.pop("made_at", monday.clock.now())
    document = contents(made_at, monday.crew, list(commands), **said)
    intake = Intake(
        monday.session,
        monday.crew.organisation,
        context.settings().blob_dir,
        monday.clock.now(),
    )
    with rescue_file.opened(BytesIO(zipped(document, photos))) as file:
        items = intake.take(file, monday.crew.olivia.id, dry_run=dry_run)
    monday.session.expire_all()
    return [(item.outcome, item.by) for item in items]


def refusal(monday, *commands, **said) -> str:
    with pytest.raises(Problem) as caught:
        takes_in(monday, *commands, **said)
    monday.session.rollback()
    return caught.value.detail


def sent(command: dict) -> dict:
    """The command as the device itself sends it."""
    return {name: value for name, value in command.items() if name not in ("person", "run")}


def test_each_thing_is_carried_out_as_its_persons(monday):
    command = kept(monday)
    monday.clock.advance(hours=1)
    assert takes_in(monday, command) == [("applied", "Ana")]
    step = monday.step
    assert (step.state, step.closed_by.name) == ("done", "Ana")
    assert (step.proof.trust, step.proof.notes) == ("unproven", ["from_rescue_file"])
    told = monday.session.query(Event).filter_by(kind="rescue.taken_in").one()
    assert (told.actor, told.subject) == (monday.crew.olivia.id, "phone-of-ana")
    assert (told.payload["new"], told.payload["results"]) == (1, {"applied": 1})
    assert record.verify(monday.session, monday.crew.org_id).count > 0


def test_a_photo_comes_with_its_bytes_and_keeps_its_note(monday):
    command = kept(monday, 2, proof=photo_proof(photo()))
    blob = kept_photo(photo(), command)
    assert takes_in(monday, command, photos=(photo(),), blobs=[blob]) == [
        ("applied", "Ana"),
        ("applied", ""),
    ]
    step = monday.step.run.step_runs[1]
    assert (step.state, step.proof.notes) == ("in_review", ["from_rescue_file"])


def test_the_file_twice_and_the_device_afterwards_change_nothing(monday):
    note, picture = kept(monday), kept(monday, 2, proof=photo_proof(photo()))
    file = {"photos": (photo(),), "blobs": [kept_photo(photo(), picture)]}
    takes_in(monday, note, picture, **file)
    before = monday.session.query(Event).count()
    assert takes_in(monday, note, picture, **file) == [
        ("here", "Ana"),
        ("here", "Ana"),
        ("here", ""),
    ]
    answer = monday.sync("ana", sent(note), sent(picture))
    assert [each["status"] for each in answer.json["results"]] == ["applied"] * 2
    assert answer.json["missing_blobs"] == []
    monday.session.expire_all()
    assert monday.session.query(Proof).count() == 2
    assert monday.session.query(Event).count() == before + 1


def test_what_the_device_brought_before_is_here_already(monday):
    note = kept(monday)
    monday.sync("ana", sent(note))
    assert takes_in(monday, note, kept(monday, 3)) == [("here", "Ana"), ("applied", "Ana")]
    assert monday.step.proof.trust == "live"


def test_what_another_did_meanwhile_is_attached_and_a_stranger_is_held(monday):
    early = kept(monday)
    monday.clock.advance(minutes=55)
    monday.later(minutes=0)
    monday.sync("ben", monday.command(1))
    assert takes_in(monday, early, kept(monday, 3, "fay")) == [
        ("attached", "Ana"),
        ("held", "Fay"),
    ]


def test_what_is_refused_is_kept_with_the_reason(monday):
    assert takes_in(monday, kept(monday, text=" "), kept(monday) | {"captured_at": "noon"}) == [
        ("rejected", "Ana"),
        ("rejected", "Ana"),
    ]
    assert monday.session.query(Command).one().status == "rejected"
    assert monday.session.query(Event).filter_by(kind="command.unreadable").count() == 1


def test_what_was_noted_once_is_not_noted_again(monday):
    odd = kept(monday) | {"captured_at": "noon"}
    assert takes_in(monday, odd, odd) == [("rejected", "Ana"), ("here", "Ana")]
    before = {event.seq for event in monday.session.query(Event)}
    assert takes_in(monday, odd) == [("here", "Ana")]
    now_there = monday.session.query(Event).order_by(Event.seq)
    fresh = [event for event in now_there if event.seq not in before]
    assert [(event.kind, event.payload["new"]) for event in fresh] == [("rescue.taken_in", 0)]


@pytest.mark.parametrize("person", [[], {}, 7, None])
def test_a_person_that_is_no_id_stops_nothing_else(monday, person):
    odd = kept(monday, 3) | {"person": person}
    assert takes_in(monday, odd, kept(monday)) == [("skipped", ""), ("applied", "Ana")]


LASTING = IntegrityError("insert", {}, Exception("it never fits"))


@pytest.mark.parametrize(("error", "tries"), [(LASTING, 2), (RuntimeError("a fault"), 1)])
def test_one_thing_that_fails_stops_nothing_else_and_can_be_taken_in_again(
    monday, monkeypatch, error, tries
):
    first, second = kept(monday), kept(monday, 3)
    carry_out, tried = rescue.take_command, []

    def fails_for_the_first(session, person, device_id, command, now):
        if command.id == first["id"]:
            tried.append(command.id)
            raise error
        return carry_out(session, person, device_id, command, now)

    with monkeypatch.context() as patched:
        patched.setattr(rescue, "take_command", fails_for_the_first)
        assert takes_in(monday, first, second) == [("failed", ""), ("applied", "Ana")]
    assert len(tried) == tries
    assert takes_in(monday, first, second) == [("applied", "Ana"), ("here", "Ana")]


def test_the_same_id_for_something_else_is_refused(monday):
    note = kept(monday)
    takes_in(monday, note)
    assert takes_in(monday, note | {"proof": {"kind": "note", "text": "Else."}}) == [
        ("rejected", "Ana")
    ]


def test_work_of_somebody_who_left_is_held(monday):
    note, words = kept(monday), kept(monday, 3, kind="fix_note") | {"text": "Oiled."}
    people.deactivate(monday.session, monday.crew.olivia, monday.crew.ana, monday.clock.now())
    monday.session.commit()
    assert takes_in(monday, note, words) == [("held", "Ana"), ("held", "Ana")]
    why = [each.why for each in held.waiting(monday.session, monday.crew.olivia)]
    assert why == ["Ana works here no more. It came in a rescue file."] * 2


def test_work_of_a_device_that_was_signed_off_is_held_whatever_time_the_file_says(monday):
    before = kept(monday)
    device = commands.known_device(
        monday.session, monday.crew.ana, "phone-of-ana", monday.clock.now()
    )
    signing_off.sign_off(
        monday.session, monday.crew.olivia, device, monday.clock.advance(minutes=5)
    )
    monday.session.commit()
    monday.clock.advance(minutes=5)
    after = kept(monday, 3)
    assert takes_in(monday, before, after) == [("held", "Ana"), ("held", "Ana")]


DEVICES = ("phone-of-ana", "phone-of-ben", "never-heard-of")


@pytest.mark.parametrize("device", DEVICES)
def test_work_in_a_file_takes_no_miss_back_whatever_device_and_time_it_names(monday, device):
    monday.sync("ana", device_state={"waiting": 1, "seqs": [1]})
    monday.sync("ben", device_state={"waiting": 0, "seqs": []})
    note = kept(monday) | {"seq": 1}
    monday.clock.advance(minutes=55)
    monday.later(minutes=0)
    assert monday.step.holder.name == "Ben"
    assert takes_in(monday, note, device=device) == [("applied", "Ana")]
    step = monday.step
    assert (step.state, step.proof.trust, step.miss_explained_at) == ("done", "unproven", None)
    assert all(handoff.overtaken_at is None for handoff in step.handoffs)


def test_a_file_of_another_organisation_is_refused_whole(monday):
    other = {"id": "01NEVER0000000000000000000", "name": "Bakery"}
    assert "a device of Bakery, not of Sunflower" in refusal(
        monday, kept(monday), organisation=other
    )
    stranger = kept(monday) | {"person": "somebody"}
    assert "Nobody whose work" in refusal(monday, stranger, organisation=None)
    assert monday.session.query(Command).count() == 0


def test_work_of_others_in_it_is_left_out(monday):
    stranger = kept(monday, 3) | {"person": "somebody"}
    found = takes_in(monday, kept(monday), stranger, None, organisation=None)
    assert sorted(found) == [("applied", "Ana"), ("skipped", ""), ("skipped", "")]


def test_bytes_that_nothing_asks_for_and_wrong_bytes_are_not_taken(monday):
    command = kept(monday, 2, proof=photo_proof(photo()))
    known, unknown = kept_photo(photo(), command), kept_photo(photo("red"), command)
    assert takes_in(monday, command, photos=(), blobs=[known, unknown]) == [
        ("applied", "Ana"),
        ("rejected", ""),
        ("skipped", ""),
    ]
    assert monday.step.run.step_runs[1].state == "claimed"


def test_a_dry_run_says_the_same_and_leaves_nothing(monday):
    note, picture = kept(monday), kept(monday, 2, proof=photo_proof(photo()))
    file = {"photos": (photo(),), "blobs": [kept_photo(photo(), picture)]}
    events = monday.session.query(Event).count()
    dry = takes_in(monday, note, picture, dry_run=True, **file)
    assert dry == [("applied", "Ana"), ("applied", "Ana"), ("applied", "")]
    assert (monday.step.state, monday.session.query(Command).count()) == ("open", 0)
    assert monday.session.query(Event).count() == events
    assert takes_in(monday, note, picture, **file) == dry


def test_a_dry_run_judges_each_thing_by_itself(monday):
    twice = kept(monday), kept(monday)
    assert takes_in(monday, *twice, dry_run=True) == [("applied", "Ana")] * 2
    assert takes_in(monday, *twice) == [("applied", "Ana"), ("attached", "Ana")]


def test_a_dry_run_never_locks_the_records_head(monday, monkeypatch):
    """Everybody locks it last: who held it while going for the next step would stop them all."""
    chained, append = [], record._append

    def noted(session, org_id, entries):
        chained.append(org_id)
        append(session, org_id, entries)

    monkeypatch.setattr(record, "_append", noted)
    assert takes_in(monday, kept(monday), kept(monday, 3), dry_run=True) == [("applied", "Ana")] * 2
    assert not chained


def test_nothing_is_locked_while_the_bytes_in_the_file_are_read(monday, monkeypatch):
    picture, read = kept(monday, 2, proof=photo_proof(photo())), []

    def bytes_of(file, sha256):
        read.append(monday.session.in_transaction())
        return photo()

    monkeypatch.setattr(rescue_file.RescueFile, "bytes_of", bytes_of)
    for dry_run in (True, False):
        takes_in(monday, picture, blobs=[kept_photo(photo(), picture)], dry_run=dry_run)
    assert read == [False, False]


def test_what_comes_in_a_file_is_no_word_from_the_device(monday):
    monday.sync("ana", device_state={"waiting": 2, "seqs": []})
    heard = monday.clock.now()
    monday.clock.advance(hours=2)
    note = kept(monday)
    takes_in(monday, note)
    device = monday.session.get(Device, (monday.crew.org_id, "phone-of-ana"))
    assert device.last_seen_at == heard


def test_what_came_in_a_file_is_not_lost(monday):
    first, second = (monday.command(at, seq=at) for at in (1, 3))
    monday.sync("ana", first, second, device_state={"waiting": 1, "seqs": [2]})
    between = kept(monday, 2, kind="fix_note") | {"text": "Oiled.", "seq": 2}
    takes_in(monday, between)
    for _ in range(3):
        monday.clock.advance(minutes=2)
        monday.sync("ana", device_state={"waiting": 0, "seqs": []})
    assert monday.session.query(Event).filter_by(kind="device.lost").count() == 0


def lost(monday, *, seqs=()) -> int:
    """How many losses are told after the device has said twice what it holds."""
    for _ in range(2):
        monday.clock.advance(minutes=2)
        monday.sync("ana", device_state={"waiting": 0, "seqs": list(seqs)})
    return monday.session.query(Event).filter_by(kind="device.lost").count()


def test_a_forged_file_hides_no_loss_by_junk_that_has_the_missing_number(monday):
    first, third = (monday.command(at, seq=at) for at in (1, 3))
    monday.sync("ana", first, third)
    junk = {"seq": 2, "person": monday.crew.ana.id, "kind": "no command"}
    assert takes_in(monday, junk) == [("rejected", "Ana")]
    assert lost(monday) == 1


def test_a_forged_file_hides_no_loss_by_numbering_what_was_here_anew(monday):
    first, third = (monday.command(at, seq=at) for at in (1, 3))
    monday.sync("ana", first, third)
    again = first | {"seq": 2, "person": monday.crew.ana.id}
    assert takes_in(monday, again) == [("here", "Ana")]
    assert lost(monday) == 1


def test_a_forged_file_hides_no_loss_by_a_number_far_ahead(monday):
    monday.sync("ana", monday.command(1, seq=1), monday.command(3, seq=3))
    takes_in(monday, kept(monday, 2) | {"seq": 1_000_000})
    assert lost(monday) == 1


def test_a_forged_file_that_comes_before_the_device_hides_no_later_loss(monday):
    takes_in(monday, kept(monday, 2) | {"seq": 1_000_000})
    monday.sync("ana", monday.command(1, seq=1), monday.command(3, seq=3))
    assert lost(monday) == 1


def test_a_photo_in_the_same_file_leaves_no_step_as_still_waiting_for_it(monday):
    content = photo()
    claim = kept(monday, 2, proof=photo_proof(content))
    blob = kept_photo(content, claim)
    document = contents(monday.clock.now(), monday.crew, [claim], blobs=[blob])
    intake = Intake(
        monday.session, monday.crew.organisation, context.settings().blob_dir, monday.clock.now()
    )
    with rescue_file.opened(BytesIO(zipped(document, (content,)))) as file:
        first, _bytes = intake.take(file, monday.crew.olivia.id)
        again, _ = intake.take(file, monday.crew.olivia.id)
    assert first.words == "The step waits for approval."
    assert again.words == "It had arrived before. The step waits for approval."


# the page and the command


def upload(monday: ApiDay, content: bytes, who: str | None = "olivia", **more: str):
    browser = monday.browser(who) if who else monday._app.test_client()
    return browser.post("/rescue", **form(content, **more))


def form(content: bytes, **more: str) -> dict:
    """A form with the file in it, as a browser sends one."""
    name = 'name="file"; filename="baton-rescue-2026-11-23-0630.zip"'
    parts = [(name, content), *((f'name="{each}"', text.encode()) for each, text in more.items())]
    body = b"".join(
        b"--edge\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (head.encode(), each)
        for head, each in parts
    )
    return {"data": body + b"--edge--\r\n", "content_type": "multipart/form-data; boundary=edge"}


def test_an_owner_takes_it_in_on_a_page(monday):
    document = contents(monday.clock.now(), monday.crew, [kept(monday)])
    looked = upload(monday, zipped(document), dry_run="1")
    assert "What would become of it" in looked.text
    assert "Each thing was judged by itself" in looked.text
    assert "A rescue file is not signed" in looked.text
    done = upload(monday, zipped(document))
    assert (done.status_code, "Applied: 1." in done.text) == (200, True)
    assert "Here already: 1." in upload(monday, zipped(document)).text


def test_the_page_says_what_is_wrong_with_a_file(monday):
    wrong = upload(monday, b"GIF89a" * 30)
    assert wrong.status_code == 422
    assert "This is not a rescue file." in wrong.text
    nothing = monday.browser("olivia").post("/rescue", data={})
    assert "Choose the rescue file first." in nothing.text


def test_only_owners_take_files_in_and_large_ones_are_read_for_them_alone(monday):
    large = b"PK" + b"\0" * (16 * 1024 * 1024)
    assert upload(monday, large, "maya").status_code == 403
    assert upload(monday, large).status_code == 422
    assert upload(monday, large, None).status_code == 302


def test_a_larger_file_than_there_may_be_is_refused(monday, monkeypatch):
    monkeypatch.setattr(rescue_file, "LARGEST", 1000)
    assert upload(monday, b"PK" + b"\0" * (2 * 1024 * 1024)).status_code == 413


@pytest.fixture
def installed(monkeypatch, monday):
    """The command line works on the same application."""
    from contextlib import contextmanager

    from webapp.cli import running

    @contextmanager
    def same():
        yield

    monkeypatch.setattr(running, "application", same)
    return monday


def test_the_command_takes_it_in_and_says_what_became_of_it(installed, tmp_path):
    file = tmp_path / "baton-rescue.zip"
    document = contents(installed.clock.now(), installed.crew, [kept(installed)])
    file.write_bytes(zipped(document))
    dry = CliRunner().invoke(baton, ["rescue", str(file), "--dry-run"])
    assert dry.exit_code == 0, dry.output
    assert "Applied: “Gate latch” of Opening check at Downtown, Ana." in dry.output
    assert "Nothing of this was kept" in dry.output
    assert "judged by itself" in dry.output
    done = CliRunner().invoke(baton, ["rescue", str(file), "--json"])
    assert [item["outcome"] for item in json.loads(done.output)["items"]] == ["applied"]
    told = installed.session.query(Event).filter_by(kind="rescue.taken_in").one()
    assert told.actor == record.SYSTEM


def test_the_command_fails_when_something_could_not_be_used(installed, tmp_path):
    file = tmp_path / "baton-rescue.zip"
    document = contents(installed.clock.now(), installed.crew, [kept(installed, text=" ")])
    file.write_bytes(zipped(document))
    assert CliRunner().invoke(baton, ["rescue", str(file)]).exit_code == 1


def test_a_file_made_long_ago_still_counts(monday):
    note = kept(monday)
    made_at = monday.clock.now() + timedelta(minutes=5)
    monday.clock.advance(days=10)
    assert takes_in(monday, note, made_at=made_at) == [("applied", "Ana")]
    assert monday.step.state == "done"


def test_the_runs_page_says_that_it_came_in_a_file(monday):
    takes_in(monday, kept(monday))
    shown = monday.browser("olivia").get(f"/runs/{monday.step.run_id}").text
    assert "received 06:30, from a rescue file" in shown


def test_the_page_speaks_to_who_takes_the_file_in_not_to_who_did_the_work(monday):
    commands = [kept(monday), kept(monday), kept(monday, 3, "fay")]
    shown = upload(monday, zipped(contents(monday.clock.now(), monday.crew, commands))).text
    assert "The step is done." in shown
    assert "The step was already done. The proof is kept with it." in shown
    assert "Fay did not hold this step at the time." in shown
    assert "your proof" not in shown
