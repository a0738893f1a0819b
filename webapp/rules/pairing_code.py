"""The code by which a tablet is known while it is being paired: read aloud, typed, scanned.

The tablet shows it and somebody who is signed in confirms it, as in RFC 8628 (device
authorization); section 6.1 asks for few characters that nobody mistakes for one another.
"""

import secrets
from datetime import timedelta

# No vowels, so that no word comes out; of two that look alike only one (no 0 1 6 8 I L O S U Z).
ALPHABET = "BCDFGHJKMNPQRTVWXY234579"
LENGTH = 8
LIVES_FOR = timedelta(minutes=10)
LOOKS_LIKE = str.maketrans({"6": "G", "8": "B", "S": "5", "U": "V", "Z": "2"})


def fresh() -> str:
    """Return a new code as it is shown: "BCDF-2345". 24^8 codes are 36 bits."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{letters[:4]}-{letters[4:]}"


def read(typed: str) -> str | None:
    """Return the code that was typed, as it is shown; None when it can be none.

    Small letters, spaces and dashes do not matter; what is not in the alphabet is read as what it
    looks like.
    """
    plain = "".join(character for character in typed.upper() if character not in " -–\t")
    letters = plain.translate(LOOKS_LIKE)
    if len(letters) != LENGTH or not set(letters) <= set(ALPHABET):
        return None
    return f"{letters[:4]}-{letters[4:]}"
