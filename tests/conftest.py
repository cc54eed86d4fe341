"""What every test stands on: one thread for torch, no settings from outside, known skips."""

import asyncio
import collections
import os
import shutil
from pathlib import Path

import hypothesis
import pytest

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before anything imports torch
# Every run draws other examples. `make test ARGS="--hypothesis-profile thorough"` draws many.
hypothesis.settings.register_profile("cypher", deadline=None, max_examples=15)
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=300)
hypothesis.settings.load_profile("cypher")

NO_CHROMIUM = "no chromium here; install Debian's package chromium"


def find_chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a real browser, for tests marked `browser`."""
    return find_chromium() or pytest.skip(NO_CHROMIUM)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """At the newest revision: copying it is quicker than migrating again."""
    from bot.store import migrate  # which only tests of the bot have to wait for

    path = tmp_path_factory.mktemp("database") / "cypher.db"
    asyncio.run(migrate.upgrade(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in [*os.environ]:
        if variable.startswith(("DISCORD_", "CYPHER_")):
            monkeypatch.delenv(variable)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and not find_chromium():
        pytest.skip(NO_CHROMIUM)
    if item.get_closest_marker("gpu"):
        import torch

        if not torch.cuda.is_available():
            pytest.skip("no CUDA device here")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once for each reason what was not tested here."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = collections.Counter(
        report.longrepr[2].removeprefix("Skipped: ") for report in skipped
    )
    for reason, count in reasons.items():
        terminalreporter.write_line(f"{count} tests: {reason}")
