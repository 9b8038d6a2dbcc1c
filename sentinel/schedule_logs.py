"""The daemon's log: a line for people, or a line of JSON for programs."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import orjson

__all__ = ["log_to_stderr"]


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        facts = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            facts["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(facts).decode()


class _Text(logging.Formatter):
    """One line a message, whatever it holds."""

    def format(self, record: logging.LogRecord) -> str:
        from sentinel.console import plain

        return plain(super().format(record))


def log_to_stderr(form: str, *, quiet: bool, verbose: bool) -> None:
    """Write the log to standard error as `form` says: text or json."""
    level = logging.WARNING if quiet else logging.DEBUG if verbose else logging.INFO
    handler = logging.StreamHandler()
    handler.setFormatter(
        _Json() if form == "json" else _Text("%(asctime)s %(levelname)s %(name)s: %(message)s")
    )
    logging.basicConfig(level=level, handlers=[handler])
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
