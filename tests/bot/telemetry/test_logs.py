"""The log tells the operator what happened, and nobody anything secret."""

import io
import json
import logging
import os
import pty
import re
import warnings
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config, load_config
from bot.errors import OperatorError
from bot.telemetry.logs import FILE_BYTES, FILE_NAME, NUM_FILES, log_output

TOKEN = "MTE1Nzk4MjM0NTY3ODkwMTIz.GaBcDe.abcdefghijklmnopqrstuvwxyz0123456789AB"
log = logging.getLogger("bot.tests")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return load_config(None, tmp_path, {"DISCORD_TOKEN": "hush-hush"})


def with_logging(config: Config, **settings: Any) -> Config:
    logs = config.logging.model_copy(update=settings)
    return config.model_copy(update={"logging": logs})


def file_lines(config: Config) -> list[str]:
    return (config.logs_dir / FILE_NAME).read_text().splitlines()


def test_a_message_is_one_line_with_time_level_and_logger_on_both_outputs(config: Config) -> None:
    stream = io.StringIO()
    with log_output(config, stream=stream):
        log.info("%d verses", 3)
    (line,) = stream.getvalue().splitlines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]{12}Z INFO    bot\.tests: 3 verses", line)
    assert file_lines(config) == [line]


def test_each_json_line_is_an_object(config: Config) -> None:
    stream = io.StringIO()
    with log_output(with_logging(config, json_lines=True), stream=stream):
        try:
            raise ValueError("hush-hush")
        except ValueError:
            log.exception("two\nlines of 押韵")
    (line,) = stream.getvalue().splitlines()
    record = json.loads(line)
    assert record["message"] == "two\nlines of 押韵"
    assert (record["level"], record["logger"]) == ("ERROR", "bot.tests")
    assert "ValueError: [secret]" in record["exception"]
    assert file_lines(config) == [line]


def test_a_json_line_has_the_fields_of_its_call(config: Config) -> None:
    stream = io.StringIO()
    with log_output(with_logging(config, json_lines=True), stream=stream):
        fields = {"outcome": "answered", "seconds": 0.3}
        logging.getLogger("bot").warning("it took a while", extra={"fields": fields})
    record = json.loads(stream.getvalue().splitlines()[-1])
    assert (record["message"], record["outcome"], record["seconds"]) == (
        "it took a while",
        "answered",
        0.3,
    )


@pytest.mark.parametrize("json_lines", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "hush-hush",
        f"a token nobody told us of: {TOKEN}",
        "POST https://discord.com/api/v10/webhooks/123/aW50ZXJhY3Rpb246MTIzNDU2Nzg5/messages",
        "POST https://discord.com/api/v10/interactions/123/aW50ZXJhY3Rpb246MTIzNDU2Nzg5/callback",
    ],
)
def test_no_secret_is_written_in_a_message_an_argument_or_a_traceback(
    config: Config, text: str, json_lines: bool
) -> None:
    stream = io.StringIO()
    with log_output(with_logging(config, json_lines=json_lines), stream=stream):
        log.error(text)
        log.error("%s", text)
        try:
            raise RuntimeError(text)
        except RuntimeError:
            log.exception("failed")
    written = stream.getvalue() + "\n".join(file_lines(config))
    assert written.count("[secret]") == 6
    for secret in ("hush-hush", TOKEN, "aW50ZXJhY3Rpb246MTIzNDU2Nzg5"):
        assert secret not in written


def test_a_members_text_can_neither_forge_a_line_nor_steer_a_terminal(config: Config) -> None:
    stream = io.StringIO()
    seed = "slim\n2026-11-21T00:00:00.000Z INFO bot: all is well\x1b[2J\u202e\u2028"
    with log_output(config, stream=stream):
        log.warning("seed %s", seed)
    (line,) = stream.getvalue().splitlines()
    assert r"slim\n2026" in line
    assert line.endswith(r"\x1b[2J\u202e\u2028")


def test_a_terminal_gets_short_lines_in_colour(config: Config) -> None:
    leader, follower = pty.openpty()
    with os.fdopen(follower, "w") as terminal, log_output(config, stream=terminal):
        log.warning("[bold]no markup[/bold] hush-hush")
        terminal.flush()
        shown = os.read(leader, 65_536).decode()
    os.close(leader)
    assert "bold" in shown
    assert "WARNING" in shown
    assert "hush" not in shown
    assert "bot.tests" not in shown


def test_the_level_holds_for_both_outputs(config: Config) -> None:
    stream = io.StringIO()
    with log_output(with_logging(config, level="ERROR"), stream=stream):
        log.warning("unheard")
    assert stream.getvalue() == ""
    assert file_lines(config) == []


def test_the_console_can_be_quieter_than_the_file(config: Config) -> None:
    stream = io.StringIO()
    with log_output(config, stream=stream, console_level="ERROR"):
        log.info("for the file")
    assert stream.getvalue() == ""
    assert len(file_lines(config)) == 1


@pytest.mark.parametrize("name", ["sqlalchemy.engine", "discord.http", "apscheduler.scheduler"])
def test_libraries_stay_quiet_even_when_we_debug(config: Config, name: str) -> None:
    stream = io.StringIO()
    with log_output(with_logging(config, level="DEBUG"), stream=stream):
        logging.getLogger(name).info("chatter")
        logging.getLogger(name).warning("trouble")
        log.debug("ours")
    assert "chatter" not in stream.getvalue()
    assert "trouble" in stream.getvalue()
    assert "ours" in stream.getvalue()


def test_warnings_of_python_are_logged(config: Config) -> None:
    stream = io.StringIO()
    with log_output(config, stream=stream), warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old habits", UserWarning, stacklevel=1)
    assert "old habits" in stream.getvalue()


def test_everything_is_as_before_when_it_ends(config: Config) -> None:
    root = logging.getLogger()
    before = [*root.handlers], root.level, logging.getLogger("discord.http").level
    with log_output(config, stream=io.StringIO()):
        assert [*root.handlers] != before[0]
    assert ([*root.handlers], root.level, logging.getLogger("discord.http").level) == before


def test_the_files_rotate_and_their_number_is_bounded(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telemetry.logs.FILE_BYTES", FILE_BYTES // 10_000)
    with log_output(config, stream=io.StringIO()):
        for number in range(100):
            log.info("message %d", number)
    names = sorted(path.name for path in config.logs_dir.iterdir())
    assert names == [FILE_NAME, *(f"{FILE_NAME}.{number}" for number in range(1, NUM_FILES))]
    assert file_lines(config)[-1].endswith("message 99")


def test_a_folder_that_cannot_be_written_stops_the_start_with_a_remedy(config: Config) -> None:
    config.data_dir.mkdir(exist_ok=True)
    config.logs_dir.write_text("a file in its place")
    with (
        pytest.raises(OperatorError, match=r"cannot be written: .*--data"),
        log_output(config, stream=io.StringIO()),
    ):
        pass


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_told_once_and_does_not_stop_the_bot(
    config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    config.logs_dir.mkdir(parents=True)
    (config.logs_dir / FILE_NAME).symlink_to("/dev/full")
    stream = io.StringIO()
    with log_output(config, stream=stream):
        log.info("first")
        log.info("second")
    assert len(stream.getvalue().splitlines()) == 2
    assert capsys.readouterr().err.count("No space left on device") == 1
