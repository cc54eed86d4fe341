"""run: the process as an operator meets it: its address, its health, its end on a signal."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.telemetry.health import read_health
from tests.bot.cli.conftest import Run

ROOT = Path(__file__).parents[3]


@pytest.fixture
def bot(settings: Path, data: Path) -> Iterator[subprocess.Popen[str]]:
    arguments = ["run", "--config", str(settings), "--data", str(data)]
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


@pytest.mark.slow
def test_without_a_token_it_serves_a_page_until_a_signal(
    bot: subprocess.Popen[str], data: Path
) -> None:
    assert bot.stdout is not None
    announced = bot.stdout.readline()
    address = announced.split()[-1]
    assert address.startswith("http://127.0.0.1:")
    with urllib.request.urlopen(address.partition("#")[0], timeout=10) as page:
        assert page.status == 200
    status = read_health(data)
    assert status.beat["pid"] == bot.pid
    assert status.beat["checkpoint"] == "starter-1"

    bot.send_signal(signal.SIGTERM)
    started = time.monotonic()
    _, told = bot.communicate(timeout=20)
    assert bot.returncode == 0, told
    assert time.monotonic() - started < 10
    assert "Traceback" not in told
    assert "No bot runs" in read_health(data).message


def test_a_port_that_is_taken_is_told(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert run("run", "--port", str(taken.getsockname()[1])) == 2
    told = capsys.readouterr().err
    assert "could not bind port" in told
    assert "--port 0" in told


@pytest.mark.slow
def test_with_a_token_it_tries_discord_again_until_a_signal(
    settings: Path, data: Path, tmp_path: Path
) -> None:
    """Behind a proxy that is not there, nothing of this can reach Discord."""
    environment = {
        **os.environ,
        "DISCORD_TOKEN": "not.a.token-of-anybody",
        "DISCORD_PROXY": "http://127.0.0.1:9",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run", "--config", str(settings), "--data", str(data)],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    told = ""
    while "cannot be reached" not in told:
        line = process.stderr.readline()
        assert line, told
        told += line
    process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=20)
    assert process.returncode == 0, told + rest
    assert "not.a.token" not in told + rest
    assert "Traceback" not in told + rest
    assert "Unclosed" not in told + rest
