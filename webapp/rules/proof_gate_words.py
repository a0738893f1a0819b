"""What the gate says of each kind of proof: its name, what is missing, why it does not close."""

from webapp.rules.sentences import N_

NAMES = {
    "photo": N_("a photo"),
    "signature": N_("a signature"),
    "file": N_("a file"),
    "number": N_("a number"),
    "note": N_("a note"),
    "timed": N_("a timed check"),
    "scan": N_("a scan"),
}
SENT_BACK = {
    "photo": N_("This photo was sent back. %(ask)s"),
    "signature": N_("This signature was sent back. %(ask)s"),
    "file": N_("This file was sent back. %(ask)s"),
}
ON_ITS_WAY = {
    "photo": N_("Received. The photo is on its way."),
    "signature": N_("Received. The signature is on its way."),
    "file": N_("Received. The file is on its way."),
}
# Translators: %(ask)s is what the process asks for then, like “Move the food”.
OUTSIDE = {
    ("below", True): N_("%(value)s is below %(limit)s. %(ask)s. Then write what you did about it."),
    ("above", True): N_("%(value)s is above %(limit)s. %(ask)s. Then write what you did about it."),
    ("below", False): N_("%(value)s is below %(limit)s. Then write what you did about it."),
    ("above", False): N_("%(value)s is above %(limit)s. Then write what you did about it."),
}
MISSING = {
    "photo": N_("Take a photo to close this step."),
    "signature": N_("Sign to close this step."),
    "file": N_("Add a file to close this step."),
    "number": N_("Write the number to close this step."),
    "note": N_("Write a note to close this step."),
    "timed": N_("Start the check and end it to close this step."),
    "scan": N_("Scan the code at the spot to close this step."),
}
