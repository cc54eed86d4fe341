"""The log: on the terminal, and in rotating files under the data folder. Set up by the entry point.

Nothing secret gets out, and no text of a member can forge a line or steer a terminal.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.logging import RichHandler

from bot.config import Config
from bot.errors import OperatorError
from bot.telemetry.formatters import JsonFormatter, MessageFormatter, PlainFormatter
from bot.telemetry.redaction import Redactor

FILE_NAME = "cypher.log"
NUM_FILES = 5
FILE_BYTES = 5_000_000

# The least that these may say, whatever the level: below it they tell of every call and every row.
_TALKATIVE = {
    "aiosqlite": logging.INFO,
    "alembic": logging.WARNING,
    "apscheduler": logging.WARNING,
    "asyncio": logging.INFO,
    "discord": logging.INFO,
    "discord.http": logging.WARNING,
    "matplotlib": logging.WARNING,
    "PIL": logging.WARNING,
    "sqlalchemy": logging.WARNING,
}


@contextmanager
def log_output(
    config: Config, *, stream: TextIO | None = None, console_level: str | None = None
) -> Iterator[None]:
    """Log to `stream` (stderr when None) and to the files, until the context ends.

    `console_level` replaces the configured level on the stream only. Raises OperatorError when the
    log files cannot be written.
    """
    redactor = Redactor(config.secrets)
    console = _console_handler(stream or sys.stderr, redactor, config.logging.json_lines)
    console.setLevel(console_level or config.logging.level)
    files = _file_handler(config.logs_dir, redactor, config.logging.json_lines)
    with _installed([console, files], logging.getLevelNamesMapping()[config.logging.level]):
        yield


@contextmanager
def _installed(handlers: list[logging.Handler], level: int) -> Iterator[None]:
    levels = {"": level, **{name: max(level, least) for name, least in _TALKATIVE.items()}}
    before = {name: logging.getLogger(name).level for name in levels}
    root = logging.getLogger()
    for name, wanted in levels.items():
        logging.getLogger(name).setLevel(wanted)
    for handler in handlers:
        root.addHandler(handler)
    logging.captureWarnings(True)
    try:
        yield
    finally:
        logging.captureWarnings(False)
        for handler in handlers:
            root.removeHandler(handler)
            handler.close()
        for name, wanted in before.items():
            logging.getLogger(name).setLevel(wanted)


def _console_handler(stream: TextIO, redactor: Redactor, json_lines: bool) -> logging.Handler:
    if stream.isatty() and not json_lines:
        rich = RichHandler(console=Console(file=stream), show_path=False, markup=False)
        rich.setFormatter(MessageFormatter(redactor))
        return rich
    plain = logging.StreamHandler(stream)
    plain.setFormatter(JsonFormatter(redactor) if json_lines else PlainFormatter(redactor))
    return plain


def _file_handler(folder: Path, redactor: Redactor, json_lines: bool) -> logging.Handler:
    path = folder / FILE_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = _LastingFileHandler(
            path, maxBytes=FILE_BYTES, backupCount=NUM_FILES - 1, encoding="utf-8"
        )
    except OSError as error:
        raise OperatorError(
            f"The log {path} cannot be written: {error.strerror or error}.",
            "Give this user the right to write there, or name another folder with --data.",
        ) from error
    handler.setFormatter(JsonFormatter(redactor) if json_lines else PlainFormatter(redactor))
    return handler


class _LastingFileHandler(RotatingFileHandler):
    """Says once on stderr that the disk fails, rather than a traceback with every message."""

    _has_failed = False

    def close(self) -> None:
        with suppress(OSError):  # what is still unwritten was complained about already
            super().close()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            super().handleError(record)
        elif not self._has_failed:
            self._has_failed = True
            reason = error.strerror or error
            sys.stderr.write(f"The log {self.baseFilename} cannot be written: {reason}.\n")
