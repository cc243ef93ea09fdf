"""Structured logs: one JSON object a line, with the one id that a request hands on to its tasks.

What is logged is a path, a status, an id, a duration: no body, no query string, no name of a student.
"""

import re

import structlog

ROW_VALUES = re.compile(r"DETAIL:.*?(?=\n|$)")
SHARED = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
]


def without_health(_logger, _method, event):
    """Drop the requests of probes, which come every few seconds and say nothing."""
    if "/health/" in str(event.get("request", "")):
        raise structlog.DropEvent
    return event


def without_row_values(_logger, _method, event):
    """Cut what PostgreSQL adds to an error: its details print whole rows, names included."""
    for name in ("error", "exception", "event"):
        if "DETAIL:" in str(event.get(name, "")):
            event[name] = ROW_VALUES.sub("DETAIL: (left out)", str(event[name]))
    return event


def without_query(_logger, _method, event):
    """Cut the query string off the request line: a search for a student's name stands there."""
    request = event.get("request")
    if isinstance(request, str) and "?" in request:
        event["request"] = request.split("?", 1)[0]
    return event


REDACTED = [without_query, without_row_values]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
            "foreign_pre_chain": [*SHARED, *REDACTED],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django_structlog": {"level": "INFO"},
        "pop_network": {"level": "INFO"},
        "schools": {"level": "INFO"},
        "assessments": {"level": "INFO"},
    },
}


def configure_structlog():
    """Send structlog's events through the standard library's handlers above."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            without_health,
            *REDACTED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
