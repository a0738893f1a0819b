"""What commands share: the application, an up-to-date database, and which organisation is meant."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from sqlalchemy import select

from webapp import context, create_app, database
from webapp.models import Organisation

P = ParamSpec("P")
R = TypeVar("R")
# An option has its value behind "=": "--organisation=Two Words".
_BLANK = re.compile(r"^[^=\s]*\s")


@contextmanager
def application() -> Iterator[None]:
    """Run what follows inside the application, on a database brought up to date."""
    with create_app().app_context():
        database.upgrade_current()
        yield


class TakesText(click.Command):
    """A command whose argument is free text, which may begin with a dash ("- Mop the hall")."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take a dash and more than one word for a text, and never for an option."""
        texts = [each for each in args if each.startswith("-") and _BLANK.search(each)]
        if not texts or "--" in args:
            return super().parse_args(ctx, args)
        return super().parse_args(ctx, [*(a for a in args if a not in texts), "--", *texts])


def in_application(command: Callable[P, R]) -> Callable[P, R]:
    """Run the whole command inside the application."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with application():
            return command(*args, **kwargs)

    return run


def the_organisation(name: str | None) -> Organisation:
    """Return the organisation of that name, or the only one there is."""
    query = select(Organisation).order_by(Organisation.created_at)
    found = list(context.session().scalars(query))
    if name is not None:
        found = [each for each in found if each.name == name]
    if len(found) == 1:
        return found[0]
    if not found:
        what = f"called {name!r}" if name else "yet"
        raise click.UsageError(f"There is no organisation {what}. Make one with: baton init")
    names = ", ".join(each.name for each in found)
    raise click.UsageError(f"Say which organisation with --organisation NAME. There are: {names}.")
