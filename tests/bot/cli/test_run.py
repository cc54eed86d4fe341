"""run: the process as an operator meets it: its address, its health, its end on a signal."""

import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.telemetry.health import read_health

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
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_without_a_token_it_serves_a_page_until_a_signal(
    bot: subprocess.Popen[str], data: Path, stop: signal.Signals
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

    bot.send_signal(stop)
    started = time.monotonic()
    _, told = bot.communicate(timeout=20)
    assert bot.returncode == 0, told
    assert time.monotonic() - started < 10
    assert "Traceback" not in told
    assert "No bot runs" in read_health(data).message


@pytest.mark.slow
def test_a_second_bot_on_the_same_port_is_told_so(
    bot: subprocess.Popen[str], settings: Path, tmp_path: Path
) -> None:
    assert bot.stdout is not None
    port = bot.stdout.readline().split()[-1].partition("#")[0].rpartition(":")[2].strip("/")
    arguments = ["run", "--port", port, "--config", str(settings), "--data", str(tmp_path / "b")]
    second = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert second.returncode == 2
    assert "could not bind port" in second.stderr
    assert "Traceback" not in second.stderr
