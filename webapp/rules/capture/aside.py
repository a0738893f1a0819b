"""Questions that a text asks by the way: they are nobody's work."""

import re

from webapp.rules.capture.reading import Reading
from webapp.rules.capture.recurring import recurs
from webapp.rules.sentences import say

# "Who covers? Ben." is how an answer is told, so what asks who stays.
_ASKS = re.compile(
    r"(?:^|(?<=[.!?;:\n]))\s*(?P<asks>(?i:do|does|did|is|are|was|should|shall|can|could|would|will|may|"
    r"might|must|have|has|what|why|how|when|where|which|any|ok|right|really|or)\b[^.!?;\n]*\?)"
)


def take_questions(reading: Reading) -> None:
    """Take the questions out, unless all that is said of the work is one of them."""
    for found in _ASKS.finditer(reading.text):
        others = reading.text[: found.start("asks")] + reading.text[found.end("asks") :]
        if recurs(found["asks"]) or not recurs(others):
            continue
        words = reading.take_raw(*found.span("asks"), "")
        reading.assumed.append(say("“%(words)s” is a question, and so no work.", words=words))
