"""How the long-lived processes write their log: one plain line an event."""

import logging

import structlog
from redis.exceptions import RedisError


def configure() -> None:
    """Log events at the level of information and above, one line each, without colours."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    logging.getLogger("rq.worker").addFilter(_say_plainly_that_redis_is_away)


def _say_plainly_that_redis_is_away(record: logging.LogRecord) -> bool:
    """A Redis that goes away is expected and costs nothing: RQ's traceback would alarm people."""
    if record.exc_info and isinstance(record.exc_info[1], RedisError):
        record.msg, record.args = "Redis went away: %s", (record.exc_info[1],)
        record.exc_info = record.exc_text = None
    return True
