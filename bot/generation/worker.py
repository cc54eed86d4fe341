"""The one thread that owns the engines. Messages in, answers out; nobody else touches a model."""

import asyncio
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any

import torch

from bot.generation.messages import (
    Abort,
    Answer,
    Died,
    Message,
    Open,
    Opened,
    Refused,
    Retire,
    Stop,
    Stopped,
    Work,
    Write,
    Written,
)
from bot.generation.turns import Turns
from bot.telemetry.metrics import Kind, Metrics
from model.engine import WorkWriter

logger = logging.getLogger(__name__)


_NICENESS = 5  # of 0 to 19


def _yield_to_others() -> None:
    """Answering people comes before writing for them. Linux has a priority for each thread."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)


@dataclass(slots=True)
class _Station:
    """A writer with its engine, and the jobs it writes, by its own number for each."""

    writer: WorkWriter[Any, Work]
    kind: Kind
    weight: float
    jobs: dict[int, int] = field(default_factory=dict)
    is_retiring: bool = False


class Worker:
    """Steps its engines while there is work and sleeps while there is none.

    `deliver` is called on `loop` with the answers of one step. `num_threads` are torch's.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        deliver: Callable[[list[Answer]], None],
        *,
        num_threads: int,
        metrics: Metrics,
    ) -> None:
        self._loop = loop
        self._deliver = deliver
        self._metrics = metrics
        self._num_threads = num_threads
        self._inbox: SimpleQueue[Message] = SimpleQueue()
        self._stations: dict[int, _Station] = {}
        self._turns = Turns()
        self._answers: list[Answer] = []
        # A daemon: a process that dies without closing the service must not hang here.
        self._thread = threading.Thread(target=self._run, name="generation", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def send(self, message: Message) -> None:
        """From any thread."""
        self._inbox.put(message)

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread's end after Stop; False when it still runs."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        error = None
        try:
            torch.set_num_threads(self._num_threads)
            _yield_to_others()
            while self._take_messages():
                busy = self._busy()
                if busy:
                    self._step(self._turns.next(busy))
                self._flush()
        except Exception as reason:
            logger.exception("the generation thread died")
            error = repr(reason)
        self._stations.clear()
        self._answers.append(Stopped(error))
        self._flush()

    def _busy(self) -> dict[int, float]:
        """The weights of those that have work."""
        return {
            key: station.weight
            for key, station in self._stations.items()
            if station.writer.has_work
        }

    def _take_messages(self) -> bool:
        """Handle what has come; without work, sleep until something comes. False after Stop."""
        while not self._inbox.empty() or not self._busy():
            self._flush()
            message = self._inbox.get()
            if isinstance(message, Stop):
                return False
            self._handle(message)
        return True

    def _handle(self, message: Open | Retire | Write | Abort) -> None:
        match message:
            case Open():
                self._open(message)
            case Write():
                self._write(message)
            case Abort():
                self._abort(message)
            case Retire(key) if key in self._stations:
                self._stations[key].is_retiring = True
                self._drop_if_done(key)

    def _open(self, message: Open) -> None:
        try:
            station = _Station(message.build(), message.kind, message.weight)
        except Exception as error:
            logger.exception("an engine could not be built")
            self._answers.append(Opened(message.key, error))
        else:
            self._stations[message.key] = station
            self._answers.append(Opened(message.key))

    def _write(self, message: Write) -> None:
        station = self._stations.get(message.key)
        if station is None:
            self._answers.append(Refused(message.job, "its engine is gone"))
            return
        try:
            station.jobs[station.writer.add(message.plan)] = message.job
        except ValueError as error:
            self._answers.append(Refused(message.job, str(error)))

    def _abort(self, message: Abort) -> None:
        for station in self._stations.values():
            for work_id, job in station.jobs.items():
                if job == message.job:
                    station.writer.abort(work_id)

    def _step(self, key: int) -> None:
        station, began = self._stations[key], time.perf_counter()
        try:
            finished = station.writer.step()
        except Exception as error:
            logger.exception("an engine died")
            self._bury(key, repr(error))
            return
        self._turns.note(key, time.perf_counter() - began, station.weight)
        self._metrics.engine_step(station.kind, station.writer.num_advanced)
        self._answers += [Written(station.jobs.pop(each.work_id), each.work) for each in finished]
        self._drop_if_done(key)

    def _bury(self, key: int, error: str) -> None:
        station = self._remove(key)
        self._answers += [Refused(job, error) for job in station.jobs.values()]
        self._answers.append(Died(key, error))

    def _drop_if_done(self, key: int) -> None:
        station = self._stations[key]
        if station.is_retiring and not station.writer.has_work:
            self._remove(key)

    def _remove(self, key: int) -> _Station:
        self._turns.forget(key)
        return self._stations.pop(key)

    def _flush(self) -> None:
        if not self._answers:
            return
        answers, self._answers = self._answers, []
        try:
            self._loop.call_soon_threadsafe(self._deliver, answers)
        except RuntimeError:  # the loop is closed, so nobody waits for anything any more
            logger.warning("work came back after the event loop had closed")
            self._inbox.put(Stop())
