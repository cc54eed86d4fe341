"""A training child ends when the bot dies, and when it has not heard in time that it may go on."""

import subprocess
import sys

from bot.config.config import PROJECT_FOLDER
from bot.retraining.lease import now

_CHILD = (
    "import time\n"
    "from bot.retraining.orders import Orders\n"
    "Orders().follow()\n"
    "print('ready', flush=True)\n"
    "time.sleep(100)\n"
)


def child_that_heard(*orders: str) -> "subprocess.Popen[str]":
    child = subprocess.Popen(
        [sys.executable, "-c", _CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT_FOLDER,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    for order in orders:
        child.stdin.write(order + "\n")
    child.stdin.flush()
    return child


def test_its_time_can_be_put_off_and_then_runs_out() -> None:
    with child_that_heard(f"until {now() + 3600}", "dance", f"until {now() + 0.5}") as child:
        assert child.wait(60) == 1


def test_the_end_of_the_pipe_is_its_end() -> None:
    with child_that_heard(f"until {now() + 3600}") as child:
        assert child.stdin is not None
        child.stdin.close()
        assert child.wait(60) == 1
