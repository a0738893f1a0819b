"""Whatever is done to an export afterwards shows, with the number of the event."""

import hashlib
import json
import zipfile

import pytest

from tests.services.exports import (
    changed,
    content,
    export,
    lines,
    packed,
    seq_of,
    told,
    unlined,
    worked,
)
from webapp.models import Event, RecordHead
from webapp.rules import record as rules
from webapp.rules.record import canonical
from webapp.services import record_heads
from webapp.services.record_export import Asked

PARTS = {"all": Asked(), "step": Asked(step="Front room ready")}


_MADE: dict[str, bytes] = {}


@pytest.fixture(params=PARTS)
def made(request, tmp_path):
    """An export that stands, of everything and of one step; each is made once for all tests."""
    path = tmp_path / "made.zip"
    if request.param not in _MADE:
        session, clock, crew = map(request.getfixturevalue, ("session", "clock", "crew"))
        org_id = worked(session, clock, crew).crew.org_id
        _MADE[request.param] = export(session, org_id, tmp_path, PARTS[request.param]).read_bytes()
    path.write_bytes(_MADE[request.param])
    assert told(path)[0]
    return path


def refused(path, *heads: str) -> str:
    stands, said = told(path, *heads)
    assert not stands
    return "\n".join(said)


def with_fact(event, name, value):
    facts = json.loads(event["facts"]) | {name: value}
    return event | {"facts": canonical(facts).decode()}


def rehashed(event):
    return event | {"hash": hashlib.sha256(event["facts"].encode()).hexdigest()}


def told_by(events, kind: str) -> int:
    """The place of the last event of that kind."""
    return [json.loads(each["facts"])["kind"] for each in events].index(kind)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("at", "2026-11-23T12:00:00.000000Z"),
        ("kind", "step.skipped"),
        ("actor", "somebody"),
        ("subject", "something"),
        ("org", "another"),
        ("payload_hash", "0" * 64),
        ("prev_hash", "0" * 64),
        ("v", 2),
    ],
)
@pytest.mark.parametrize("forge", [lambda event: event, rehashed], ids=["as is", "hashed anew"])
def test_a_changed_fact_is_named(made, name, value, forge):
    at = told_by(lines(content(made)), "step.done")
    seq = seq_of(lines(content(made))[at])

    def change(events):
        events[at] = forge(with_fact(events[at], name, value))
        return events

    said = refused(changed(made, change))
    assert f"Event {seq} " in said or f"Event {seq + 1} does not follow" in said


@pytest.mark.parametrize(
    "change",
    [
        lambda event: event | {"payload": event["payload"].replace("Ana", "Eve")},
        lambda event: event | {"payload": None},
        lambda event: event | {"salt": None},
        lambda event: event | {"payload": None, "salt": None},
        lambda event: event | {"salt": "00" * 16},
        lambda event: event | {"hash": "0" * 64},
        lambda event: with_fact(event, "seq", 900_000),
        lambda event: event | {"facts": event["facts"] + " "},
    ],
    ids=["payload", "no payload", "no salt", "as if erased", "salt", "hash", "number", "blank"],
)
def test_what_an_event_says_and_how_it_is_hashed_is_bound(made, change):
    at = told_by(lines(content(made)), "step.done")
    seq = seq_of(lines(content(made))[at])

    def touch(events):
        events[at] = change(events[at])
        return events

    said = refused(changed(made, touch))
    assert f"Event {seq} " in said


@pytest.mark.parametrize("at", [0, 2, -1], ids=["first", "in the middle", "last"])
def test_a_removed_event_is_named(made, at):
    seq = seq_of(lines(content(made))[at])
    path = changed(made, lambda events: [each for each in events if seq_of(each) != seq])
    assert f"Event {seq} is missing." in refused(path)


def test_a_cut_tail_is_named(made):
    *_, third, second, first = (seq_of(each) for each in lines(content(made)))
    said = refused(changed(made, lambda events: events[:-3]))
    for seq in (first, second, third):
        assert f"Event {seq} is missing." in said


def test_events_in_another_order_are_named(made):
    one, two = (seq_of(each) for each in lines(content(made))[1:3])

    def swap(events):
        events[1], events[2] = events[2], events[1]
        return events

    said = refused(changed(made, swap))
    assert f"Event {one} is missing." in said
    assert f"Event {one} does not belong here" in said
    assert f"Event {two} " not in said or "follow" in said or two == one + 1


def test_an_event_put_in_is_named(made):
    extra = rehashed(with_fact(lines(content(made))[1], "seq", 10**6))
    said = refused(changed(made, lambda events: [*events, extra]))
    assert f"Event {10**6} does not belong here" in said


def test_an_event_that_is_there_twice_is_named(made):
    seq = seq_of(lines(content(made))[1])
    said = refused(changed(made, lambda events: [*events[:2], *events[1:]]))
    assert f"Event {seq} does not belong here" in said


@pytest.mark.parametrize("part", ["payload", "salt"])
def test_swapped_words_and_salts_are_named(made, part):
    events = lines(content(made))
    one, two = told_by(events, "step.done"), told_by(events, "upload.kept")

    def swap(events):
        events[one][part], events[two][part] = events[two][part], events[one][part]
        return events

    said = refused(changed(made, swap))
    for at in (one, two):
        assert f"Event {seq_of(events[at])} does not say what it said." in said


def test_a_changed_or_shorter_or_missing_proof_is_named(session, clock, crew, tmp_path):
    day = worked(session, clock, crew)
    path = export(session, day.crew.org_id, tmp_path, PARTS["step"])
    at = next(at for at, each in enumerate(lines(content(path))) if "proof" in each)
    seq = seq_of(lines(content(path))[at])

    def proofs(event):
        yield ["0" * 64, *event["proof"][1:]]
        yield [*event["proof"], "0" * 64]
        yield None

    for forged in proofs(lines(content(path))[at]):

        def change(events, forged=forged):
            events[at].pop("proof")
            if forged is not None:
                events[at]["proof"] = forged
            return events

        assert f"Event {seq} is not proved" in refused(changed(path, change))


def test_a_shorter_proof_is_a_sentence(session, clock, crew, tmp_path):
    day = worked(session, clock, crew)
    path = export(session, day.crew.org_id, tmp_path, PARTS["step"])

    def change(events):
        next(each for each in events if "proof" in each)["proof"] = []
        return events

    assert refused(changed(path, change))


def photo_of(files) -> str:
    return next(name for name in files if name.startswith("photos/"))


def kept_seq(files) -> int:
    events = lines(files)
    return seq_of(events[told_by(events, "upload.kept")])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda files, name: files | {name: files[name] + b"\0"}, "names another photo"),
        (lambda files, name: {k: v for k, v in files.items() if k != name}, "is missing"),
    ],
    ids=["changed", "missing"],
)
def test_a_touched_photo_is_named_with_its_event(made, tmp_path, change, said):
    files = content(made)
    path = packed(change(files, photo_of(files)), tmp_path / "touched.zip")
    assert f"Event {kept_seq(files)} names" in refused(path)
    assert said in refused(path)


@pytest.mark.parametrize("name", [f"photos/{'0' * 64}.jpg", "photos/x", "../../etc/x", "a\nb"])
def test_a_file_that_no_event_names_is_told(made, tmp_path, name):
    path = packed(content(made) | {name: b"more"}, tmp_path / "more.zip")
    assert f"No event names {name!a}." in refused(path)
    assert not (tmp_path.parent / "etc").exists()


@pytest.mark.parametrize(
    "change",
    [
        {"asked": {"process": "Another"}},
        {"made_at": "2020-01-01T00:00:00.000000Z"},
        {"organisation": {"id": "another", "name": "Another"}},
        {"photos": {}},
        {"heads": []},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_edited_manifest_is_told(made, tmp_path, change):
    files = content(made)
    manifest = json.loads(files["manifest.json"]) | change
    files["manifest.json"] = canonical(manifest)
    end = seq_of(lines(files, "head.jsonl")[-1])
    said = refused(packed(files, tmp_path / "edited.zip"))
    assert f"Event {end - 1} vouches for another manifest.json." in said


def test_an_event_left_out_of_the_manifest_too_is_told(made, tmp_path):
    files = content(made)
    manifest, events = json.loads(files["manifest.json"]), lines(files)
    manifest["events"] = [
        part
        for first, last in manifest["events"]
        for part in ([first, last - 1],)
        if part[1] >= part[0]
    ]
    files |= {"manifest.json": canonical(manifest), "events.jsonl": unlined(events[:-1])}
    end = seq_of(lines(files, "head.jsonl")[-1])
    said = refused(packed(files, tmp_path / "edited.zip"))
    assert f"Event {end - 1} vouches for another manifest.json." in said


@pytest.mark.parametrize("name", ["report.html", "steps.csv", "README.txt", "verify.py"])
def test_what_is_to_be_read_is_bound_too(made, tmp_path, name):
    files = content(made)
    end = seq_of(lines(files, "head.jsonl")[-1])
    for change in ({name: files[name] + b" "}, {name: b""}):
        said = refused(packed(files | change, tmp_path / "edited.zip"))
        assert f"Event {end - 1} vouches for another {name}." in said


def forged_anew(session, org_id: str, from_seq: int) -> None:
    """Write the record anew from an event on, as somebody with the database could: it verifies."""
    for trigger in ("update", "delete", "replace"):
        session.connection().exec_driver_sql(f"DROP TRIGGER IF EXISTS event_no_{trigger}")
    events = session.query(Event).filter_by(org_id=org_id).order_by(Event.seq).all()
    last = events[from_seq - 2].hash if from_seq > 1 else rules.GENESIS
    for event in events[from_seq - 1 :]:
        said = event.payload | ({"title": "Forged"} if event.seq == from_seq else {})
        args = (event.org_id, event.seq, event.at, event.kind, event.actor, event.subject)
        made = rules.make_event(*args, said, event.salt, last)
        event.payload, event.payload_hash = made.payload, made.payload_hash
        event.prev_hash, event.hash, last = made.prev_hash, made.hash, made.hash
    session.get(RecordHead, org_id).hash = last
    session.commit()


@pytest.mark.parametrize("part", PARTS)
def test_a_record_written_anew_is_found_against_a_head_that_left(
    session, clock, crew, tmp_path, part
):
    day = worked(session, clock, crew)
    head = record_heads.latest(session, crew.org_id)
    anchor = f"{head.seq}:{head.hash}"
    assert told(export(session, crew.org_id, tmp_path, PARTS[part]), anchor)[0]
    kinds = [each.kind for each in session.query(Event).order_by(Event.seq)]
    forged_anew(session, crew.org_id, kinds.index("step.done") + 1)
    path = export(session, crew.org_id, tmp_path, PARTS[part])
    said = refused(path, anchor)
    assert f"Event {head.seq} is not the one that the head names" in said
    assert day.crew.org_id == crew.org_id


def test_an_old_head_kept_beside_a_record_written_anew_is_found(session, clock, crew, tmp_path):
    """The old head event is put back into the forged export: it is then not the one before."""
    worked(session, clock, crew)
    head = record_heads.latest(session, crew.org_id)
    honest = export(session, crew.org_id, tmp_path, PARTS["step"])
    old = next(each for each in lines(content(honest)) if seq_of(each) == head.seq)
    kinds = [each.kind for each in session.query(Event).order_by(Event.seq)]
    forged_anew(session, crew.org_id, kinds.index("step.done") + 1)
    path = export(session, crew.org_id, tmp_path, PARTS["step"])

    def put_back(events):
        return [
            old | {"proof": each.get("proof", [])} if seq_of(each) == head.seq else each
            for each in events
        ]

    assert f"Event {head.seq} " in refused(changed(path, put_back), f"{head.seq}:{head.hash}")


def test_a_head_that_is_not_in_the_export_cannot_pass(made):
    assert "Event 77 of a head is not in this export." in refused(made, f"77:{'a' * 64}")


@pytest.mark.parametrize("head", ["", "x", "5", "5:", "5:6:7"])
def test_a_head_that_is_none_is_a_sentence(made, head):
    assert refused(made, head)


def test_a_wrong_head_beside_a_right_one_of_the_same_number_is_named(made):
    known = lines(content(made))[1]
    seq = seq_of(known)
    right, wrong = f"{seq}:{known['hash']}", f"{seq}:{'0' * 64}"
    for heads in ((right, wrong), (wrong, right)):
        stands, said = told(made, *heads)
        assert not stands
        assert said[0].startswith(f"Event {seq} is not the one that the head names")


def test_a_head_is_read_as_a_page_writes_its_number(made):
    known = lines(content(made), "head.jsonl")[1]
    seq, hashed = seq_of(known), known["hash"]
    assert told(made, f"{seq}:{hashed}", f"0,00{seq}:{hashed.upper()}")[0]


def test_an_export_packed_anew_with_its_folders_still_stands(made, tmp_path):
    again = tmp_path / "again.zip"
    with zipfile.ZipFile(again, "w") as archive:
        archive.mkdir("photos")
        for name, data in content(made).items():
            archive.writestr(name, data)
    stands, said = told(again)
    assert stands, said
    assert ", 1 photo, head " in said[0]


def test_two_files_of_one_name_are_refused(made, tmp_path):
    path = tmp_path / "twice.zip"
    files = content(made)
    with zipfile.ZipFile(path, "w") as archive:
        for name in files:
            archive.writestr(name, files[name])
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("events.jsonl", b"")
    assert "two of its files have the same name" in refused(path)


def test_a_file_that_unpacks_to_far_more_is_refused(made, tmp_path):
    files = content(made)
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, each in files.items():
            archive.writestr(name, each)
        archive.writestr("photos/bomb.jpg", b"\0" * 30_000_000)
    assert "unpacks to far more" in refused(path)


@pytest.mark.parametrize(
    ("name", "content_of"),
    [
        ("manifest.json", b"{}"),
        ("manifest.json", b"[" * 200_000),
        ("manifest.json", b"\xff"),
        ("head.jsonl", b""),
        ("head.jsonl", b"{}\n{}\n"),
        ("events.jsonl", b"null\n"),
        ("events.jsonl", b'{"facts": 5}\n'),
        ("events.jsonl", b"\xff\n"),
    ],
)
def test_a_broken_file_is_a_sentence(made, tmp_path, name, content_of):
    said = refused(packed(content(made) | {name: content_of}, tmp_path / "broken.zip"))
    assert "cannot be read" in said
    assert "Traceback" not in said


def test_a_missing_file_and_what_is_no_export_are_sentences(made, tmp_path):
    files = content(made)
    del files["events.jsonl"]
    assert "cannot be read" in refused(packed(files, tmp_path / "less.zip"))
    plain = tmp_path / "plain.zip"
    plain.write_bytes(b"not a zip")
    assert "cannot be read" in refused(plain)
    assert "cannot be read" in refused(tmp_path / "nothing.zip")


def test_endless_ranges_in_a_manifest_end(made, tmp_path):
    files = content(made)
    manifest = json.loads(files["manifest.json"]) | {"events": [[1, 10**15]]}
    path = packed(files | {"manifest.json": canonical(manifest)}, tmp_path / "endless.zip")
    assert refused(path).count("\n") < 200
