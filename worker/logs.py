"""How the long-lived processes write their log: one plain line an event."""

import logging

import structlog


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
