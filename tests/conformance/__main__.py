"""`python -m tests.conformance > docs/conformance.md`: the page, from the tables."""

import sys

from tests.conformance.document import document

if __name__ == "__main__":
    sys.stdout.write(document())
