"""What the standards of web push and the browsers ask of a sender, each rule with its test.

`table` collects the rules, `hostile` and `hidden` are the endpoints that must never be reached;
`python -m tests.conformance` prints docs/conformance.md.
"""
