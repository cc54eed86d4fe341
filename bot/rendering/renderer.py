"""Pictures and sounds of beats, and files to read, off the event loop."""

import asyncio
import json
import logging
import os
import sys
from base64 import b64encode
from typing import Any, Literal

from bot.config.config import PROJECT_FOLDER
from bot.config.environment import without_secrets
from bot.errors import BeatTooLong
from bot.rendering.orders import as_order
from model.errors import MidiError, TooLongToHear
from model.midi import MAX_BYTES, PianoRoll, read_midi
from model.midi.instruments import Instrument, check_length

logger = logging.getLogger(__name__)

_PROGRAM = "bot.rendering.program"
_TIMEOUT_S = 90.0
_MAX_BYTES_IN_A_THREAD = 4096  # what holds the interpreter for less than a process takes to start


class Renderer:
    """At most `num_processes` draw and play at once, and one reads; others wait for their turn."""

    def __init__(self, num_processes: int = 2) -> None:
        self._turns = asyncio.Semaphore(num_processes)
        self._reading = asyncio.Semaphore(1)  # what takes a moment does not wait for music

    async def picture(self, roll: PianoRoll, *, num_prime_steps: int = 0) -> bytes | None:
        """A PNG in which the first `num_prime_steps` are shown as given.

        None, and a line in the log, where it cannot be drawn.
        """
        return await self._make("picture", roll, num_prime_steps=num_prime_steps)

    async def audio(
        self, roll: PianoRoll, instrument: Instrument = Instrument.PIANO
    ) -> bytes | None:
        """An MP3. None, and a line in the log, where it cannot be made; raises BeatTooLong."""
        try:
            check_length(roll)
        except TooLongToHear as error:
            raise BeatTooLong(round(error.seconds), round(error.limit)) from None
        return await self._make("audio", roll, instrument=instrument.name)

    async def read(self, midi: bytes, steps_per_beat: int) -> PianoRoll | None:
        """A stranger's file, or one of ours. None, and a line in the log, where it did not come to
        an end; raises MidiError.

        A large one that may be music is read by a process: in a thread it was measured to hold up
        the event loop for two seconds.
        """
        if not _MAX_BYTES_IN_A_THREAD < len(midi) <= MAX_BYTES:
            return await asyncio.to_thread(read_midi, midi, steps_per_beat=steps_per_beat)
        order = {"data": b64encode(midi).decode(), "steps_per_beat": steps_per_beat}
        async with self._reading:
            made, fault = await _run("read", json.dumps(order).encode())
        if made is None:
            logger.warning("a MIDI file was not read: %s", fault)
            return None
        answer = json.loads(made)
        if "roll" in answer:
            return PianoRoll.of_chords(**answer["roll"])
        raise MidiError(answer["sentence"], **answer["values"])

    async def _make(
        self, what: Literal["picture", "audio"], roll: PianoRoll, **order: Any
    ) -> bytes | None:
        order["roll"] = as_order(roll)
        async with self._turns:
            made, fault = await _run(what, json.dumps(order).encode())
        if fault is not None:
            logger.warning("no %s of a beat: %s", what, fault)
        return made


async def _run(what: str, order: bytes) -> tuple[bytes | None, str | None]:
    """What the program made, or why it made nothing."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", _PROGRAM, what),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=PROJECT_FOLDER,
        env=without_secrets(os.environ) | {"OMP_NUM_THREADS": "1"},
    )
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            made, said = await process.communicate(order)
    except TimeoutError:
        return None, f"it took more than {_TIMEOUT_S:.0f} seconds"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == 0 and made:
        return made, None
    lines = said.decode(errors="replace").strip().splitlines()
    return None, lines[-1] if lines else f"the program ended with status {process.returncode}"
