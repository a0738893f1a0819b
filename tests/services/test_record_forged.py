"""Whoever writes an export themselves is found out by a head that left before, and by its gaps."""

import hashlib
import json
from itertools import pairwise

import pytest

from tests.services.exports import content, export, lines, packed, seq_of, told, unlined, worked
from webapp.rules import merkle
from webapp.rules.record import canonical
from webapp.services import record_heads
from webapp.services.record_export import Asked

PARTS = {"all": Asked(), "step": Asked(step="Front room ready")}


class Forger:
    """An export written anew: events are changed, and every hash that can be is made to fit."""

    def __init__(self, path):
        self.files = content(path)
        self.events, self.ends = lines(self.files), lines(self.files, "head.jsonl")
        self.manifest = json.loads(self.files["manifest.json"])

    def event(self, seq):
        return next(each for each in (*self.events, *self.ends) if seq_of(each) == seq)

    def says(self, event, payload):
        event["payload"] = canonical(payload).decode()
        salted = bytes.fromhex(event["salt"]) + event["payload"].encode()
        self.facts(event, payload_hash=hashlib.sha256(salted).hexdigest())

    def facts(self, event, **changed):
        event["facts"] = canonical(json.loads(event["facts"]) | changed).decode()
        event["hash"] = hashlib.sha256(event["facts"].encode()).hexdigest()

    def sealed(self, path, *, chained_from: int):
        """Chain anew from there on, make a tree over it, and prove everything to its root."""
        self.files["manifest.json"] = canonical(self.manifest)
        exported, head = self.ends
        vouched = hashlib.sha256(self.files["manifest.json"]).hexdigest()
        self.says(exported, json.loads(exported["payload"]) | {"manifest": vouched})
        self._chain(chained_from)
        leaves = self._leaves(seq_of(head) - 1)
        self.says(head, {"root": merkle.root(leaves).hex(), "size": len(leaves)})
        self._chain(seq_of(head))
        levels = merkle.levels(leaves)
        for each, following in pairwise((*self.events, *self.ends[:1])):
            each.pop("proof", None)
            if seq_of(each) + 1 != seq_of(following):
                each["proof"] = [node.hex() for node in merkle.path(levels, seq_of(each) - 1)]
        self.files["events.jsonl"] = unlined(self.events)
        self.files["head.jsonl"] = unlined(self.ends)
        return packed(self.files, path.with_name("forged.zip"))

    def _chain(self, since):
        """Let each event follow the one before it, where both are there; a true head stays."""
        found = {seq_of(each): each for each in (*self.events, *self.ends)}
        for seq in sorted(found):
            if seq >= since and seq - 1 in found:
                self.facts(found[seq], prev_hash=found[seq - 1]["hash"])

    def _leaves(self, size):
        hashes = {seq_of(each): each["hash"] for each in (*self.events, *self.ends)}
        return [
            merkle.leaf(bytes.fromhex(hashes.get(seq, "00" * 32))) for seq in range(1, size + 1)
        ]


@pytest.fixture
def left(session, clock, crew):
    """A day, and the head that left the building in the middle of it."""
    worked(session, clock, crew)
    return record_heads.latest(session, crew.org_id)


def done(forger):
    """A step that was done before the head left, and is alone in the export."""
    return next(each for each in forger.events if json.loads(each["facts"])["kind"] == "step.done")


def refused(path, *heads):
    stands, said = told(path, *heads)
    assert not stands
    return "\n".join(said)


def test_a_head_that_left_does_not_pass_as_any_other_event(session, crew, left, tmp_path):
    """Its own tree is not looked at then, and a tree of the forger's proves what they like."""
    path = export(session, crew.org_id, tmp_path, PARTS["step"])
    forger = Forger(path)
    forged = forger.events[0]
    forger.says(forged, json.loads(forged["payload"]) | {"title": "Never happened"})
    forger.events = [forged, *(each for each in forger.events if seq_of(each) >= left.seq)]
    forger.manifest["heads"] = []
    forger.manifest["events"] = [[seq_of(each)] * 2 for each in forger.events]
    made = forger.sealed(path, chained_from=left.seq + 1)
    said = refused(made, f"{left.seq}:{left.hash}")
    assert f"Event {left.seq} is no head that manifest.json names." in said


def test_what_comes_after_a_head_does_not_belong_before_it(session, crew, left, tmp_path):
    """The head first, and then, proved by another tree, what it would have found out."""
    path = export(session, crew.org_id, tmp_path, PARTS["step"])
    forger = Forger(path)
    head, forged = forger.event(left.seq), done(forger)
    forger.says(forged, json.loads(forged["payload"]) | {"title": "Never happened"})
    forger.events = [head, forged]
    forger.files = {name: each for name, each in forger.files.items() if "photos/" not in name}
    forger.manifest["heads"] = [[left.seq, json.loads(head["payload"])["root"]]]
    forger.manifest["events"] = [[left.seq] * 2, [seq_of(forged)] * 2]
    made = forger.sealed(path, chained_from=left.seq + 1)
    said = refused(made, f"{left.seq}:{left.hash}")
    assert f"Event {seq_of(forged)} does not belong here" in said


@pytest.mark.parametrize("part", PARTS)
def test_an_event_that_is_no_head_fixes_nothing(session, crew, left, tmp_path, part):
    path = export(session, crew.org_id, tmp_path, PARTS[part])
    event = done(Forger(path))
    said = refused(path, f"{seq_of(event)}:{event['hash']}")
    assert said == f"Event {seq_of(event)} is no head that manifest.json names."


def test_all_of_the_record_has_no_gap(session, crew, left, tmp_path):
    """Everything fits, and the head is true: only that one event is not there."""
    path = export(session, crew.org_id, tmp_path)
    forger = Forger(path)
    gone = seq_of(done(forger))
    forger.events.remove(forger.event(gone))
    [[first, last]] = forger.manifest["events"]
    forger.manifest["events"] = [[first, gone - 1], [gone + 1, last]]
    hashes = {seq: event["hash"] for event in lines(content(path)) if (seq := seq_of(event))}
    before = [merkle.leaf(bytes.fromhex(hashes[seq])) for seq in range(1, left.seq)]
    made = forger.sealed(path, chained_from=last + 1)
    files = content(made)
    events = lines(files)
    proof = merkle.path(merkle.levels(before), gone - 2)
    events[gone - 2]["proof"] = [node.hex() for node in proof]
    files["events.jsonl"] = unlined(events)
    said = refused(packed(files, path.with_name("gap.zip")), f"{left.seq}:{left.hash}")
    assert f"Event {gone} is missing." in said


def test_another_photo_is_not_kept_in_the_place_of_one(session, crew, left, tmp_path):
    path = export(session, crew.org_id, tmp_path)
    forger = Forger(path)
    kept = next(
        each for each in forger.events if json.loads(each["facts"])["kind"] == "upload.kept"
    )
    sent, other = json.loads(kept["facts"])["subject"], b"another picture"
    later = forger.events[-1]
    forger.says(later, {"stored": hashlib.sha256(other).hexdigest()})
    forger.facts(later, kind="upload.kept", subject=sent)
    [photo] = [name for name in forger.files if sent in name]
    forger.files[photo] = other
    made = forger.sealed(path, chained_from=left.seq + 1)
    said = refused(made, f"{left.seq}:{left.hash}")
    assert f"Event {seq_of(later)} names another photo than event {seq_of(kept)}." in said
