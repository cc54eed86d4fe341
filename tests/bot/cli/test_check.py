"""check, db and health: every problem at once, each with its remedy, and never a secret."""

import sqlite3
from pathlib import Path

import pytest

from bot.cli.main import build_parser, main
from model.engine.int8 import Int8Unavailable
from tests.bot.cli.conftest import Run

Capture = pytest.CaptureFixture[str]


def test_a_fresh_folder_is_well(run: Run, data: Path, capsys: Capture) -> None:
    assert run("check") == 0
    printed = capsys.readouterr().out
    for part in ("the first start makes it", "starter-1 is whole", "local page", "All is well"):
        assert part in printed
    assert not data.exists()


def test_all_problems_are_told_at_once_with_their_remedies(
    settings: Path, data: Path, run: Run, starter: Path, tmp_path: Path, capsys: Capture
) -> None:
    data.mkdir()
    (data / "cypher.db").write_bytes(b"this is no database, whatever its name may say " * 40)
    settings.write_text('[generation]\nnum_slots = 0\nspeed = "fast"\n')
    assert run("check") == 1
    printed = capsys.readouterr().out
    for part in ("num_slots", "speed", "not a SQLite database", "to mend"):
        assert part in printed


def test_a_damaged_checkpoint_is_found(
    settings: Path, run: Run, tmp_path: Path, capsys: Capture
) -> None:
    settings.write_text(f'[generation]\ncheckpoint = "{tmp_path / "gone"}"\n')
    assert run("check") == 1
    assert "No checkpoint can be loaded" in capsys.readouterr().out


def with_beats(settings: Path, lines: str) -> None:
    settings.write_text(settings.read_text().replace("enabled = false\n", lines, 1))


def test_the_checkpoint_of_beats_is_named(
    settings: Path, run: Run, starter_beats: Path, capsys: Capture
) -> None:
    assert run("check") == 0
    assert "beats: turned off" in capsys.readouterr().out
    with_beats(settings, f'checkpoint = "{starter_beats}"\n')
    assert run("check") == 0
    printed = capsys.readouterr().out
    assert "beats: beats-1 is whole, with 2 styles" in printed
    assert "All is well" in printed


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ('checkpoint = "nowhere"\n', "/beat has none"),
        ('checkpoint = "{starter_beats}"\ndefault_style = "polka"\n', "none is polka"),
    ],
)
def test_beats_that_are_missing_are_told_and_keep_nothing_from_working(
    settings: Path, run: Run, starter_beats: Path, capsys: Capture, lines: str, told: str
) -> None:
    with_beats(settings, lines.format(starter_beats=starter_beats))
    assert run("check") == 0
    printed = capsys.readouterr().out
    assert told in printed
    assert "with 1 in doubt" in printed


def test_how_verses_are_computed_is_told(settings: Path, run: Run, capsys: Capture) -> None:
    settings.write_text(settings.read_text().replace('"cpu"\n', '"cpu"\nprecision = "fp32"\n'))
    assert run("check") == 0
    assert "on cpu, in fp32 (torch on cpu)" in capsys.readouterr().out


def test_int8_that_is_demanded_and_cannot_be_had_is_found(
    settings: Path, run: Run, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def refuse(*_: object) -> None:
        raise Int8Unavailable("there is no C compiler")

    monkeypatch.setattr("model.engine.precision.Int8Runner", refuse)
    settings.write_text(settings.read_text().replace('"cpu"\n', '"cpu"\nprecision = "int8"\n'))
    assert run("check") == 1
    printed = capsys.readouterr().out
    assert "there is no C compiler" in printed
    assert 'generation.precision to "auto"' in printed


def test_a_token_is_noticed_and_never_printed(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "my-secret-token-of-discord")
    assert run("check") == 0
    printed = capsys.readouterr()
    assert "a token is set" in printed.out
    assert "my-secret" not in printed.out + printed.err


def test_db_upgrade_makes_the_database_and_then_has_nothing_to_do(
    run: Run, data: Path, capsys: Capture
) -> None:
    assert run("db upgrade") == 0
    assert "from nothing to revision" in capsys.readouterr().out
    assert run("db upgrade") == 0
    assert "the newest" in capsys.readouterr().out
    assert run("check") == 0


def test_a_start_stops_at_a_newer_database_without_a_traceback(
    run: Run, data: Path, capsys: Capture
) -> None:
    run("db upgrade")
    with sqlite3.connect(data / "cypher.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    capsys.readouterr()
    assert run("run") == 2
    told = capsys.readouterr().err
    assert "newer Cypher" in told
    assert "Traceback" not in told


def test_a_start_stops_without_any_checkpoint(
    settings: Path, run: Run, tmp_path: Path, capsys: Capture
) -> None:
    settings.write_text(f'[generation]\ncheckpoint = "{tmp_path / "gone"}"\n')
    assert run("run") == 2
    told = capsys.readouterr().err
    assert "No checkpoint can be loaded" in told
    assert "Restore" in told


def test_a_broken_configuration_stops_every_command(
    settings: Path, run: Run, capsys: Capture
) -> None:
    settings.write_text("[queue]\nmax_waiting = -1\n")
    for command in ("run", "db upgrade"):
        assert run(command) == 2
        assert "max_waiting" in capsys.readouterr().err


def test_health_says_that_no_bot_runs(data: Path, capsys: Capture) -> None:
    assert main(["health", "--data", str(data)]) == 1
    assert "No bot runs" in capsys.readouterr().out


@pytest.mark.parametrize(
    "line",
    [
        "run --port 0",
        "say /help --as admin --json --rng-seed 5",
        "import a.csv b --artist X --dry-run",
        "check",
        "db upgrade",
        "health --max-age 9",
    ],
)
def test_every_command_takes_its_configuration_and_data_folder(line: str) -> None:
    parsed = build_parser().parse_args([*line.split(), "--config", "c.toml", "--data", "d"])
    assert (str(parsed.config), str(parsed.data)) == ("c.toml", "d")
