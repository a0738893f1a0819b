"""The Flask extensions, made once and bound to the application in `create_app`."""

import sqlite3
import time
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
# How long SQLite waits for a lock; for that of writers we look ourselves first, often, for half a
# second.
_PATIENCE_MS = 15_000
_LOOK_S = 0.001
_LOOKS = 500

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
        f"busy_timeout = {_PATIENCE_MS}",
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    """Take SQLite's write lock first: a read that later writes would lose updates in silence."""
    if connection.dialect.name != "sqlite":
        return
    if _only_reads(connection):
        connection.exec_driver_sql("BEGIN DEFERRED")
    elif not _lock_soon(connection.connection.dbapi_connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _lock_soon(connection: Any) -> bool:
    """Whether the write lock came soon: SQLite itself sleeps up to 100 ms before it looks again."""
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        for _ in range(_LOOKS):
            if _begun(connection):
                return True
            time.sleep(_LOOK_S)
    finally:
        connection.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
    return False


def _begun(connection: Any) -> bool:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False  # whoever asks once more is told why
    return True


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
