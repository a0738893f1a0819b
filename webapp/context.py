"""What a request, a job or a command needs of its surroundings: settings, clock, session."""

from datetime import datetime
from typing import cast

from flask import current_app, g, has_request_context
from sqlalchemy.orm import Session

from webapp.clock import Clock
from webapp.config import Settings
from webapp.extensions import db


def settings() -> Settings:
    """Return the settings of the running application."""
    return cast(Settings, current_app.config["SETTINGS"])


def clock() -> Clock:
    """Return the clock of the running application."""
    return cast(Clock, current_app.extensions["baton_clock"])


def now() -> datetime:
    """Return the present moment in UTC, as Baton sees it; in a request, the one it began at."""
    if has_request_context() and "now" in g:
        return cast(datetime, g.now)
    return clock().now()


def session() -> Session:
    """Return the database session of this request, job or command."""
    return cast(Session, db.session)
