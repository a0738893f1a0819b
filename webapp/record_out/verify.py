"""Checks an export of a record: python verify.py [FOLDER or ZIP] [--head SEQ:HASH ...]

Needs Python 3.9 or newer and only reads. Without a head from elsewhere all may be made anew."""

import argparse
import hashlib
import json
import zipfile
from functools import partial
from pathlib import Path

MOST, LONGEST = 100, 64 << 20


def files_of(path):
    """Every file of the export by its name, as a way to open it; nothing is unpacked."""
    if path.is_dir():
        found = [each for each in path.rglob("[!.]*") if each.is_file()]  # a Mac adds its own
        return {each.relative_to(path).as_posix(): partial(each.open, "rb") for each in found}
    parts = (archive := zipfile.ZipFile(path)).infolist()
    if len({part.filename for part in parts}) < len(parts):
        raise ValueError("two of its files have the same name")
    if any(part.file_size > 1000 * part.compress_size + 4096 for part in parts):
        raise ValueError("a file in it unpacks to far more than it holds")
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


class Check:
    """One pass over the events, then the files; what does not stand is told in `faults`."""

    def __init__(self, path, anchors, faults):
        self.files, self.anchors, self.faults = files_of(path), anchors, faults
        self.manifest = json.loads(manifest := b"".join(self.parts("manifest.json")))
        export, head = map(json.loads, b"".join(self.parts("head.jsonl")).splitlines())
        self.end, self.head = json.loads(head["facts"])["seq"], head["hash"]
        self.heads = [*self.manifest["heads"], [self.end, json.loads(head["payload"])["root"]]]
        self.count, self.last, self.before = 0, 0, {"hash": "0" * 64, "proof": []}
        self.erased, self.erasures, self.gone, self.kept = [], [], set(), {}
        if json.loads(export["payload"])["manifest"] != sha256([manifest]):
            self.fault(self.end - 1, "vouches for another manifest.json")

    def parts(self, name, by="read", size=1 << 20):
        with self.files[name]() as file:
            yield from iter(partial(getattr(file, by), size), b"")

    def fault(self, seq, what):
        self.faults.append(f"Event {seq} {what}.")

    def run(self):
        ranges = [*self.manifest["events"], [self.end - 1, self.end]]
        want = next(wanted := (seq for first, last in ranges for seq in range(first, last + 1)))
        for name in ("events.jsonl", "head.jsonl"):
            for event in map(json.loads, self.parts(name, "readline", LONGEST)):
                facts = json.loads(event["facts"])
                while want < facts["seq"] and len(self.faults) < MOST:
                    want = self.fault(want, "is missing") or next(wanted, facts["seq"] + 1)
                if want != facts["seq"]:
                    self.fault(facts["seq"], "does not belong here: added, repeated or moved")
                want = next(wanted, self.end) if want == facts["seq"] else want
                self.look_at(event, facts, facts["seq"], json.loads(event["payload"] or "{}"))
                self.count, self.last, self.before = self.count + 1, facts["seq"], event
        self.look_at_files()

    def look_at(self, event, facts, seq, said):
        if sha256([event["facts"].encode()]) != event["hash"]:
            self.fault(seq, "has been changed")
        if not (salt := bytes.fromhex(event["salt"] or "")) and event["payload"] is None:
            self.erased.append(seq)
        elif sha256([salt, (event["payload"] or "").encode()]) != facts["payload_hash"]:
            self.fault(seq, "does not say what it said")
        if seq == self.last + 1 and facts["prev_hash"] != self.before["hash"]:
            self.fault(seq, "does not follow from the event before it")
        if seq != self.last + 1 and "proof" not in self.before:
            self.fault(self.last, "is not proved to be in the record")
        if self.anchors.pop(seq, {event["hash"]}) != {event["hash"]}:
            self.fault(seq, "is not the one that the head names: the record was written anew")
        if self.heads[0][0] == seq and said != {"root": self.heads.pop(0)[1], "size": seq - 1}:
            self.fault(seq, "is not the head that is named")
        if "proof" in event:
            size, root = self.heads[0][0] - 1, self.heads[0][1]
            if climb(seq - 1, size - 1, event["hash"], event["proof"]) != root:
                self.fault(seq, "is not proved to be in the record")
        if facts["kind"] == "record.erased":
            self.erasures += said.get("events", [])
            self.gone |= set(said.get("photos", []))
        if facts["kind"] == "upload.kept":
            self.kept.setdefault(facts["subject"], (seq, []))[1].append(said.get("stored"))

    def look_at_files(self):
        known = {"manifest.json", "events.jsonl", "head.jsonl", *self.manifest["files"]}
        for seq in self.erased:
            if not any(first <= seq <= last for first, last in self.erasures):
                self.fault(seq, "is empty, and no event tells of an erasing")
        for name, hashed in self.manifest["files"].items():
            if name not in self.files or sha256(self.parts(name)) != hashed:
                self.fault(self.end - 1, f"vouches for another {name}")
        for sent, (seq, stored) in self.kept.items():
            known |= (here := {f"photos/{sent}.jpg", f"files/{sent}"} & set(self.files))
            if any(sha256(self.parts(name)) not in stored for name in here):
                self.fault(seq, "names another photo than the one that is here")
            if not here and sent not in self.gone:
                self.fault(seq, "names a photo that is missing")
        self.faults += [f"No event names {name!a}." for name in set(self.files) - known]
        self.faults += [f"Event {seq} of a head is not in this export." for seq in self.anchors]


def told(export, head):
    """Whether the export stands, and the lines to say of it."""
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
