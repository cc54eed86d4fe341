"""A training child ends when the bot dies, and when it has not heard in time that it may go on."""

import os
import threading

import pytest

from bot.retraining.lease import now
from bot.retraining.orders import Orders
from tests.bot.retraining.waiting import wait_until


class Life:
    """Orders by a pipe; `ended` is set where the process would have ended."""

    def __init__(self) -> None:
        source, self._writer = os.pipe()
        self.ended = threading.Event()
        self.orders = Orders(source, lambda _: self.ended.set())
        self.orders.follow()

    def say(self, *lines: str) -> None:
        os.write(self._writer, "".join(f"{line}\n" for line in lines).encode())

    def die(self) -> None:
        os.close(self._writer)


@pytest.fixture
def life() -> Life:
    return Life()


def test_its_time_can_be_put_off_and_then_runs_out(life: Life) -> None:
    life.say(f"until {now() + 0.05}", f"until {now() + 3600}", "dance")
    assert not life.ended.wait(0.2)
    life.say(f"until {now() + 0.05}")
    assert life.ended.wait(60)
    life.die()


def test_the_end_of_the_pipe_is_its_end(life: Life) -> None:
    life.say(f"until {now() + 3600}")
    assert not life.ended.wait(0.1)
    life.die()
    assert life.ended.wait(60)


def test_it_pauses_and_goes_on_as_it_is_told_even_in_pieces(life: Life) -> None:
    os.write(life._writer, b"pau")
    os.write(life._writer, b"se\n")
    wait_until(lambda: not life.orders.free.is_set())
    life.say("go")
    wait_until(life.orders.free.is_set)
    life.die()
    assert life.ended.wait(60)
