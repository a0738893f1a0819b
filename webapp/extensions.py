"""The Flask extensions, made once and bound to the application in `create_app`."""

from typing import Any

from flask import current_app, has_request_context, request
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session, SessionTransaction

from webapp.models import Base
from webapp.services.other_channels import MAIL_IS_SET_UP

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

db = SQLAlchemy(model_class=Base)
migrate = Migrate()
login = LoginManager()
compress = Compress()
limiter = Limiter(get_remote_address, default_limits=[])


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Make SQLite keep what it has acknowledged, check references, wait its turn, and overwrite
    what is erased.
    """
    if not type(connection).__module__.startswith("sqlite3"):
        return
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "busy_timeout = 15000",
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    """Take SQLite's write lock first: a read that later writes would lose updates in silence."""
    if connection.dialect.name == "sqlite":
        mode = "DEFERRED" if _only_reads(connection) else "IMMEDIATE"
        connection.exec_driver_sql(f"BEGIN {mode}")


def _only_reads(connection: Connection) -> bool:
    if connection.get_execution_options().get("only_reads"):
        return True
    return has_request_context() and request.method in SAFE_METHODS


@event.listens_for(db.session, "after_begin")
def _say_what_is_set_up(
    session: Session, _transaction: SessionTransaction, _connection: Connection
) -> None:
    """Tell services, which know no settings, whether this installation can send mail."""
    session.info[MAIL_IS_SET_UP] = current_app.config["SETTINGS"].mail is not None
