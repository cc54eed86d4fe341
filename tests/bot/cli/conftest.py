"""The command line over a data folder of its own, with the tiny checkpoint."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli.main import main

Run = Callable[..., int]


@pytest.fixture
def settings(starter: Path, tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(
        f'[generation]\ncheckpoint = "{starter}"\nthreads = 1\ndevice = "cpu"\n'
        "[beats]\nenabled = false\n"
        "[retraining]\nenabled = false\n"
        "[local]\nport = 0\n"
    )
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def run(settings: Path, data: Path) -> Run:
    """A sub-command with its arguments, on that configuration and data folder."""

    def call(command: str, *arguments: str | Path) -> int:
        places = ("--config", str(settings), "--data", str(data))
        return main([*command.split(), *map(str, arguments), *places])

    return call
