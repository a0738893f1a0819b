"""`baton patterns`."""

import json

import click
from flask import current_app

from webapp.cli.processes import organisation_option
from webapp.cli.running import in_application, the_organisation
from webapp.context import now, session
from webapp.services import patterns as service
from webapp.services.patterns import words
from webapp.views.api_patterns import as_json as shown


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@organisation_option
@in_application
def patterns(as_json: bool, organisation: str | None) -> None:
    """Look now for what keeps going wrong, as the clock does each night, and say it.

    The worst first, each with its count; with --json also its numbers and its runs.
    """
    org_id = the_organisation(organisation).id
    service.look_at_all(session(), org_id, now())
    session().commit()
    rows = service.current(session(), org_id)
    with current_app.test_request_context():  # addresses of pages are made as for a request
        if as_json:
            document = shown(session(), rows, org_id)
            click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))
        else:
            said = words.sentences(session(), rows)
            click.echo("\n".join(said) or "Nothing keeps going wrong.")
