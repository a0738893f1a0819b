"""`baton scan`."""

import json
from typing import Any

import click

from webapp.cli.processes import organisation_option
from webapp.cli.running import application, the_organisation
from webapp.context import now, session
from webapp.rules.fragility import Finding, WeakTask, by_task, read
from webapp.services import fragility
from webapp.views.fragility_words import BLAME


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@organisation_option
def scan(as_json: bool, organisation: str | None) -> None:
    """Say where the processes are most fragile, the worst first.

    From the processes, their chains, the last four weeks and who is away ahead. First each finding
    with both numbers, then each process to mend with what is weak about it.
    """
    with application():
        tasks = fragility.tasks(session(), the_organisation(organisation).id, now())
    findings = read(tasks)
    click.echo(_json(findings, len(tasks)) if as_json else _words(findings))


def _json(findings: list[Finding], count: int) -> str:
    document = {
        "processes": count,
        "findings": [_finding(each) for each in findings],
        "worst": [_weak(each) for each in by_task(findings)],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind,
        "sentence": finding.sentence,
        "count": len(finding.cases),
        "of": finding.of,
        "processes": [
            {"id": case.task.key, "name": case.task.name, "why": case.words}
            for case in finding.cases
        ],
        "mend": finding.mend.key,
    }


def _weak(weak: WeakTask) -> dict[str, Any]:
    kinds = [each.kind for each in weak.blames]
    return {"id": weak.task.key, "name": weak.task.name, "findings": kinds}


def _words(findings: list[Finding]) -> str:
    if not findings:
        return "Nothing is found weak."
    counted = [finding.sentence for finding in findings]
    return "\n".join([*counted, *map(_task_words, by_task(findings))])


def _task_words(weak: WeakTask) -> str:
    lines = (f"  {BLAME[each.kind]} {each.words}".rstrip() for each in weak.blames)
    return "\n".join([f"\n{weak.task.name}", *lines])
