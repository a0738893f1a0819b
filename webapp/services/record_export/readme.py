"""What an export says of itself, for whoever is handed it."""

from webapp.services import stamps
from webapp.services.stamps import Stamped

STAMPS = "timestamps"
TIME_STAMPS = """\
Time stamps
-----------
An authority outside was shown some heads and signed when (RFC 3161). Its answers are the files in
timestamps, by the number of the head. verify.py shows that they are the files that were handed on,
and does not judge them. To check the newest you need OpenSSL, and the root certificate of the
authority, from the authority itself, as authority.pem beside this folder (verify.py names what is
in the folder and does not belong there):

    printf %%s %(text)s > ../head.txt
    openssl ts -verify -data ../head.txt -in timestamps/%(seq)s.tsr -CAfile ../authority.pem

It says "Verification: OK". head.txt is what was stamped: number, colon and hash of the head, with
no line break. That this head is one of this record:

    python verify.py --head %(text)s

The time, as it was signed:

    openssl ts -reply -in timestamps/%(seq)s.tsr -text

A stamp shows that everything up to that head was there at that time. One for the last head of an
export comes after it, and so is in the next export. All of them:

%(every)s


"""

README = """\
An export of a record
=====================

report.html    to read and to print; it needs no connection
steps.csv      the same steps for a spreadsheet
events.jsonl   the events that belong to this part, one a line, oldest first
head.jsonl     the two last events: one vouches for manifest.json, the other is the head
manifest.json  what was asked for, which events and files belong to it, and their hashes
photos, files  what is kept of what was given as proof, named by the SHA-256 of what was sent
verify.py      checks all of it


To check it
-----------
    python verify.py

It needs Python 3.9 or newer and nothing else: no network, no Baton. It says "OK" with the head, or
names each event that does not stand, by its number. If you would rather not run the program that
came along, take webapp/record_out/verify.py from the source of Baton and give it this folder.

Give it the heads that you know from elsewhere, such as an old digest or an older export:

    python verify.py --head 51234:ab12...

Without one it shows that everything here fits together, which whoever made it could have made
anew. With one it shows that nothing up to that event was written anew since the head left the
building. Each export is itself such a head: keep the line that begins with "OK".


What it shows, and what not
---------------------------
It shows that these events are in the record, in this order, that none was changed since, and that
none was taken out of this export. Of all of the record (manifest.json says "asked": {}) it shows
that no event is left out. Of a part it cannot: whoever exported it chose which events belong to
it, and what they chose is in manifest.json. It does not show the events of other parts.
It does not show that a photo shows what somebody says, who held the device, or the time of a
device whose clock could not be compared ("unproven").

What was erased stays as an event without its words: "payload" and "salt" are null, its hash still
holds its place, and an event record.erased says when and why.


%(stamps)sHow it is made
--------------
facts and payload of an event are texts, exactly as they were hashed.
    payload_hash = sha256(salt + payload)        hash = sha256(facts), facts name payload_hash and
                                                 prev_hash, the hash of the event before
The hashes are the leaves of a Merkle tree after RFC 9162, section 2.1. A head is an event that
names the root over all events before it. An event is bound by the event that follows it here, or
by a "proof", which leads to the root that the next head names. Every head is here, bound in turn
by the next, so a head that is known from elsewhere fixes everything before it.
"""


def readme(stamped: list[Stamped]) -> str:
    """Return the text; of time stamps it speaks where there are some, with the newest to try."""
    if not stamped:
        return README.replace("%(stamps)s", "")
    newest = stamped[-1]
    every = "\n".join(map(_said, stamped))
    said = {"seq": newest.seq, "text": stamps.text(newest.seq, newest.hash), "every": every}
    return README.replace("%(stamps)s", TIME_STAMPS % said)


def _said(each: Stamped) -> str:
    when = f"{each.at:%Y-%m-%d %H:%M:%S} UTC"
    return f"    {stamps.text(each.seq, each.hash)}\n        stamped {when} by {each.authority}"
