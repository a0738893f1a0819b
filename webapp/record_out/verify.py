"""Checks an export of a record: python verify.py [FOLDER or ZIP] [--head SEQ:HASH ...]

Needs Python 3.9 or newer and only reads. Without a head from elsewhere all may be made anew."""

import argparse
import hashlib
import json
import zipfile
from functools import partial
from pathlib import Path

HEAD, MOST, LONGEST = "record.head_published", 100, 64 << 20


def files_of(path):
    """Every file of the export by its name, as a way to open it; nothing is unpacked."""
    if path.is_dir():
        found = [each for each in path.rglob("[!.]*") if each.is_file()]  # a Mac adds its own
        return {each.relative_to(path).as_posix(): partial(each.open, "rb") for each in found}
    parts = (archive := zipfile.ZipFile(path)).infolist()
    if len({part.filename for part in parts}) < len(parts):
        raise RuntimeError("two of its files have the same name")
    if any(part.file_size > 1000 * part.compress_size + 4096 for part in parts):
        raise RuntimeError("a file in it unpacks to far more than it holds")
    return {part.filename: partial(archive.open, part) for part in parts if not part.is_dir()}


def sha256(parts):
    made = hashlib.sha256()
    for part in parts:
        made.update(part)
    return made.hexdigest()


def climb(at, last, leaf, proof):
    """The root that a Merkle proof leads to, up from leaf `at` (RFC 9162, section 2.1.3.2)."""
    hashed, steps = sha256([b"\0", bytes.fromhex(leaf)]), list(map(bytes.fromhex, proof))
    while last:
        if at & 1 or at < last:
            pair = [bytes.fromhex(hashed), steps.pop(0)]
            hashed = sha256([b"\1", *(reversed(pair) if at & 1 else pair)])
        at, last = at >> 1, last >> 1
    return None if steps else hashed


class Check:  # one pass over the events, then the files; what does not stand is in `faults`
    def __init__(self, path, anchors, faults):
        self.files, self.anchors, self.faults = files_of(path), anchors, faults
        self.manifest = json.loads(manifest := b"".join(self.parts("manifest.json")))
        export, head = map(json.loads, b"".join(self.parts("head.jsonl")).splitlines())
        self.end, self.head = json.loads(head["facts"])["seq"], head["hash"]
        self.heads = [*self.manifest["heads"], [self.end, json.loads(head["payload"])["root"]]]
        self.count, self.last, self.before = 0, 0, {"hash": "0" * 64, "proof": []}
        self.erased, self.erasures, self.kept = [], [], {}
        is_it = json.loads(export["payload"])["manifest"] == sha256([manifest])
        self.must(is_it, self.end - 1, "vouches for another manifest.json")

    def parts(self, name, by="read", size=1 << 20):
        with self.files[name]() as file:
            yield from iter(partial(getattr(file, by), size), b"")

    def must(self, stands, seq, what):
        if not stands:
            self.faults.append(f"Event {seq} {what}.")

    def run(self):
        chosen = self.manifest["events"] if self.manifest["asked"] else [[1, self.end - 2]]
        ranges = [*chosen, [self.end - 1, self.end]]
        want = next(wanted := (seq for first, last in ranges for seq in range(first, last + 1)))
        for name in ("events.jsonl", "head.jsonl"):
            for event in map(json.loads, self.parts(name, "readline", LONGEST)):
                seq = (facts := json.loads(event["facts"]))["seq"]
                while want < seq and len(self.faults) < MOST:
                    want = self.must(False, want, "is missing") or next(wanted, seq + 1)
                fits = want == seq > self.last
                self.must(fits, seq, "does not belong here: added, repeated or moved")
                want = next(wanted, self.end) if want == seq else want
                self.look_at(event, facts, seq, json.loads(event["payload"] or "{}"))
                self.count, self.last, self.before = self.count + 1, seq, event
        known = {"manifest.json", "events.jsonl", "head.jsonl", *self.manifest["files"]}
        for seq in self.erased:
            is_said = any(first <= seq <= last for first, last in self.erasures)
            self.must(is_said, seq, "is empty, and no event tells of an erasing")
        for name, hashed in self.manifest["files"].items():
            stands = name in self.files and sha256(self.parts(name)) == hashed
            self.must(stands, self.end - 1, f"vouches for another {name}")
        for sent, (seq, stored) in self.kept.items():
            known |= (here := {f"photos/{sent}.jpg", f"files/{sent}"} & set(self.files))
            self.must(here, seq, "names a photo that is missing")
            stands = all(sha256(self.parts(name)) == stored for name in here)
            self.must(stands, seq, "names another photo than the one that is here")
        self.faults += [f"No event names {name!a}." for name in set(self.files) - known]
        self.faults += [f"Event {seq} of a head is not in this export." for seq in self.anchors]

    def look_at(self, event, facts, seq, said):
        hashed, salt, words = event["hash"], bytes.fromhex(event["salt"] or ""), event["payload"]
        self.must(sha256([event["facts"].encode()]) == hashed, seq, "has been changed")
        if not salt and words is None:
            self.erased.append(seq)
        elif sha256([salt, (words or "").encode()]) != facts["payload_hash"]:
            self.must(False, seq, "does not say what it said")
        follows = seq != self.last + 1 or facts["prev_hash"] == self.before["hash"]
        self.must(follows, seq, "does not follow from the event before it")
        is_bound = seq == self.last + 1 or "proof" in self.before
        self.must(is_bound, self.last, "is not proved to be in the record")
        is_known, is_next = seq in self.anchors, seq == self.heads[0][0]
        stands = self.anchors.pop(seq, {hashed}) == {hashed}
        self.must(stands, seq, "is not the one that the head names: the record was written anew")
        # It fixes what is before it only as the head to which the proofs of that lead.
        head, is_head = {"root": self.heads[0][1], "size": seq - 1}, facts["kind"] == HEAD
        stands = is_head and said == head if is_next else not (is_head or is_known)
        self.must(stands, seq, "is no head that manifest.json names")
        if is_next:
            self.heads.pop(0)
        if "proof" in event:
            root = climb(seq - 1, self.heads[0][0] - 2, hashed, event["proof"])
            self.must(root == self.heads[0][1], seq, "is not proved to be in the record")
        if facts["kind"] == "record.erased":
            self.erasures += said.get("events", [])
            [self.kept.pop(photo, None) for photo in said.get("photos", [])]
        if facts["kind"] == "upload.kept":
            first, stored = self.kept.setdefault(facts["subject"], (seq, said.get("stored")))
            self.must(stored == said.get("stored"), seq, f"names another photo than event {first}")


def told(export, head):  # whether the export stands, and the lines to say of it
    anchors, faults = {}, []
    try:
        for each in head:
            seq, _, hashed = each.strip().lower().replace(",", "").partition(":")
            if not seq.isdecimal() or len(hashed) != 64:
                return False, [f"A head is SEQ:HASH with all 64 signs of its hash, not {each!a}."]
            anchors.setdefault(int(seq), set()).add(hashed)
        (check := Check(Path(export), anchors, faults)).run()
    except Exception as error:  # whatever a broken file does ends in a sentence
        return False, [*faults[:MOST], f"It cannot be read: {error or type(error).__name__}."]
    photos = sum(name.startswith(("photos/", "files/")) for name in check.files)
    counted = f"{check.count:,} events, {photos:,} photo{'s' * (photos != 1)}"
    more = [f"Stamped: {name}" for name in check.manifest["files"] if name.endswith(".tsr")]
    return not faults, faults[:MOST] or [f"OK {counted}, head {check.end} {check.head}", *more]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("export", nargs="?", default=Path(__file__).parent)
    parser.add_argument("--head", action="append", default=[], metavar="SEQ:HASH")
    stands, lines = told(**vars(parser.parse_args()))
    print(*lines, sep="\n")
    raise SystemExit(not stands)
