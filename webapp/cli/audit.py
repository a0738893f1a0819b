"""`baton audit`."""

import json
import sys
from datetime import datetime

import click

from webapp import context
from webapp.cli.running import in_application
from webapp.extensions import db
from webapp.services import audit as service
from webapp.services.audit import Finding


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@in_application
def audit(as_json: bool) -> None:
    """Compare what should have happened with what did; exit 1 on a finding.

    It repairs nothing. The whole record is verified, and the file of every proof read.
    """
    now = context.now()
    with service.snapshot(db.engine) as reading:
        findings = service.audit(reading, now, context.settings().blob_dir)
    click.echo(_json(findings, now) if as_json else _words(findings))
    sys.exit(1 if findings else 0)


def _json(findings: list[Finding], now: datetime) -> str:
    found = [each.as_json() for each in findings]
    return json.dumps({"clean": not found, "at": now.isoformat(), "findings": found}, indent=2)


def _words(findings: list[Finding]) -> str:
    if not findings:
        return "Clean: everything that should have happened has."
    return "\n".join(f"{each.severity.upper():5} {each.code}: {each.sentence}" for each in findings)
