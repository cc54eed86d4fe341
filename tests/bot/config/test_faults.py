"""A fault in config.toml is one sentence with its line and what would be right."""

from pathlib import Path

import pydantic
import pytest

from bot.config import RetrainingConfig, load_config
from tests.bot.config.conftest import ProblemsOf


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[queue]\nmax_waiting = 0", "2: queue.max_waiting must be at least 1, not 0"),
        ("[queue]\ndeadline_s = 900", "2: queue.deadline_s must be at most 840, not 900"),
        ("[generation]\ntop_p = 0", "2: generation.top_p must be more than 0, not 0"),
        ("[queue]\nmax_waiting = '9'", '2: queue.max_waiting must be a whole number, not "9"'),
        ("[queue]\nmax_waiting = 2.5", "2: queue.max_waiting must be a whole number, not 2.5"),
        ("[queue]\nmax_waiting = true", "2: queue.max_waiting must be a whole number, not true"),
        ("[queue]\ndeadline_s = 'x'", '2: queue.deadline_s must be a number, not "x"'),
        ("[queue]\ndeadline_s = nan", "2: queue.deadline_s must be a finite number, not nan"),
        ("[retraining]\nenabled = 1", "2: retraining.enabled must be true or false, not 1"),
        ("[retraining]\ncron = 4", "2: retraining.cron must be a text in quotes, not 4"),
        ("queue = 3", "1: queue must be a section, written [queue]; not 3"),
        (
            "[discord]\nguild_ids = 3",
            "2: discord.guild_ids must be a list in square brackets, not 3",
        ),
        (
            "[discord]\nguild_ids = [\n  5,\n  'b',\n]",
            '2: discord.guild_ids (entry 2) must be a whole number, not "b"',
        ),
        (
            "[logging]\nlevel = 'info'",
            "2: logging.level must be 'DEBUG', 'INFO', 'WARNING' or 'ERROR', not \"info\"",
        ),
        (
            "[generation]\ndevice = 'gpu'",
            '2: generation.device must be "auto", "cpu", "cuda" or "cuda:0", not "gpu"',
        ),
        ("[generation]\ncheckpoint = ''", "2: generation.checkpoint must not be empty"),
        ("[queue]\nmax_waitng = 9", "2: queue.max_waitng is unknown; did you mean max_waiting?"),
        ("[quue]\nx = 1", "1: quue is unknown; did you mean [queue]?"),
        (
            "[queue]\ncron = '@daily'",
            "2: queue.cron is unknown; move it under [retraining] or [backup]",
        ),
        ("port = 80", "1: port is unknown; move it under [local] or [monitoring]"),
        (
            "threads = 1",
            "1: threads is unknown; move it under [generation] or [retraining]",
        ),
        ("data_dir = 'x'", "1: data_dir is unknown; give it as --data"),
        (
            "[moderation]\nblocklist = []",
            "2: moderation.blocklist is unknown; delete it;"
            " known here: max_seed_characters, max_reports_per_day",
        ),
    ],
)
def test_a_fault_names_its_line_and_what_would_be_right(
    problems_of: ProblemsOf, text: str, problem: str
) -> None:
    assert problems_of(text) == [problem]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "[generation]\nmax_lines = 10\ndefault_lines = 12",
            "3: generation.default_lines must be at most max_lines, which is 10, not 12",
        ),
        (
            "[queue]\nmax_waiting = 2",
            "2: queue.max_waiting_per_user must be at most max_waiting, which is 2, not 3",
        ),
        (
            "[submissions]\nmax_characters = 60",
            "2: submissions.max_characters must be at least min_characters, which is 80, not 60",
        ),
    ],
)
def test_two_settings_that_contradict_each_other_are_a_fault(
    problems_of: ProblemsOf, text: str, problem: str
) -> None:
    assert problems_of(text) == [problem]


@pytest.mark.parametrize(
    ("cron", "reason"),
    [
        ("0 4 * *", "must have five fields"),
        ("0 25 * * *", 'must be a cron like "0 4 * * *"'),
        ("x 4 * * *", 'must be a cron like "0 4 * * *"'),
        ("0 4 * * 0", "must name weekdays"),
        ("0 4 31 feb *", "must name a time that comes"),
    ],
)
def test_a_cron_that_cannot_be_meant_is_a_fault(
    problems_of: ProblemsOf, cron: str, reason: str
) -> None:
    (problem,) = problems_of(f"[retraining]\ncron = '{cron}'")
    assert problem.startswith(f"2: retraining.cron {reason}")


@pytest.mark.parametrize("cron", ["0 4 * * *", "30 3 * * sun", "*/15 0-6 1,15 * mon-fri"])
def test_a_usual_cron_is_taken(config_file: Path, cron: str) -> None:
    config_file.write_text(f"[retraining]\ncron = '{cron}'")
    assert load_config(config_file, config_file.parent, {}).retraining.cron == cron


def test_an_unknown_time_zone_brings_the_nearest_known_one(problems_of: ProblemsOf) -> None:
    (problem,) = problems_of("[retraining]\ntimezone = 'Europe/Berlln'")
    assert problem.endswith("not 'Europe/Berlln'; did you mean 'Europe/Berlin'?")


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "/etc/localtime", "Mars/Base\x00"])
def test_what_is_no_time_zone_is_a_fault_and_never_a_path(name: str) -> None:
    with pytest.raises(pydantic.ValidationError, match="must be a time zone"):
        RetrainingConfig(timezone=name)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("cypher.db", "must be a database URL"),
        ("sqlite:///cypher.db", "must begin with one of sqlite+aiosqlite://"),
        ("mysql+aiomysql://host/db", "must begin with one of"),
        ("sqlite+aiosqlite://", "must name a database"),
        ("sqlite+aiosqlite://host:port/x", "must be a database URL"),
        ("postgresql+psycopg://host/cypher", "needs the package psycopg"),
    ],
)
def test_a_database_url_that_the_bot_cannot_use_is_a_fault(
    problems_of: ProblemsOf, url: str, reason: str
) -> None:
    (problem,) = problems_of(f"[database]\nurl = '{url}'")
    assert problem.startswith(f"2: database.url {reason}")


@pytest.mark.parametrize(
    "address", ["proxy:3128", "http://", "ftp://a", "http://a:b", "http://[::1"]
)
def test_what_is_no_proxy_address_is_a_fault(problems_of: ProblemsOf, address: str) -> None:
    (problem,) = problems_of(f"[discord]\nproxy = '{address}'")
    assert problem.startswith("2: discord.proxy must be an address like http://")


def test_faults_of_all_sections_come_together_in_the_order_of_the_file(
    problems_of: ProblemsOf,
) -> None:
    text = "[queue]\nmax_waiting = 0\nx = 1\n[local]\nport = -1\n[discord]\ntoken = 'a.b.c'\n"
    found = problems_of(text, {"DISCORD_PROXY": "nowhere"})
    starts = ["2: queue.max_waiting", "3: queue.x", "5: local.port", "7: discord.token"]
    assert [problem[: len(start)] for problem, start in zip(found, starts, strict=False)] == starts
    assert found[4].startswith("environment: DISCORD_PROXY must be an address")


def test_a_very_long_value_is_cut_in_the_sentence(problems_of: ProblemsOf) -> None:
    (problem,) = problems_of(f"[queue]\nmax_waiting = '{'x' * 5000}'")
    assert len(problem) < 140
