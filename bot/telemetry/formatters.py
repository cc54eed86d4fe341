"""How a log record looks: for a terminal, as a plain line, or as a JSON object."""

import datetime
import json
import logging
import re

from bot.telemetry.redaction import Redactor

# All control characters, and those that reorder or break lines.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def _escaped(text: str) -> str:
    return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def _utc(record: logging.LogRecord) -> str:
    moment = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class MessageFormatter(logging.Formatter):
    """The message and the traceback alone; the terminal's handler adds time and level."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__("%(message)s")
        self._redactor = redactor

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        return _escaped(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        return self._redactor(super().format(record))


class PlainFormatter(MessageFormatter):
    """One line: time in UTC, level, logger, message; then the traceback if there is one."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        message = super().formatMessage(record)
        return f"{_utc(record)} {record.levelname:<7} {record.name}: {message}"


class JsonFormatter(MessageFormatter):
    """What a logging call gives as `extra={"fields": {…}}` stands beside the message."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": _utc(record),
            "level": record.levelname,
            "logger": record.name,
            "message": self._redactor(record.getMessage()),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self._redactor(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
