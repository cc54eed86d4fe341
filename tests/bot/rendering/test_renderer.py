"""The renderer's own process makes pictures and sounds, and a failure is no more than a gap."""

import asyncio
import logging
import signal
from pathlib import Path

import numpy as np
import pytest

from bot.errors import BeatTooLong
from bot.rendering import renderer
from bot.rendering.renderer import Renderer
from model.midi.audio import render_audio
from model.midi.instruments import Instrument
from model.midi.picture import draw_roll
from model.midi.roll import NUM_KEYS, PianoRoll


@pytest.fixture
def roll() -> PianoRoll:
    frames = np.zeros((16, NUM_KEYS), np.bool_)
    frames[:12, [30, 87]] = True
    return PianoRoll(frames, tempo=100.0)


async def test_it_makes_what_this_process_would_make(roll: PianoRoll) -> None:
    rendering = Renderer()
    picture, audio = await asyncio.gather(
        rendering.picture(roll, num_prime_steps=4), rendering.audio(roll, Instrument.STRINGS)
    )
    assert picture == draw_roll(roll, num_prime_steps=4)
    assert audio == render_audio(roll, Instrument.STRINGS)


async def test_what_is_too_long_is_told_to_the_member() -> None:
    with pytest.raises(BeatTooLong, match="This beat plays for 3200 seconds; at most 240"):
        await Renderer().audio(PianoRoll.of_chords([1] * 12_800, tempo=60.0))


async def test_where_the_library_is_missing_there_is_no_audio_and_a_line_in_the_log(
    roll: PianoRoll,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    (folder := tmp_path / "libsonare").mkdir()
    (folder / "__init__.py").write_text("raise ImportError('no such library here')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with caplog.at_level(logging.WARNING):
        audio = await Renderer().audio(roll)
    assert audio is None
    assert "no audio of a beat: ImportError: no such library here" in caplog.text


async def test_what_takes_too_long_is_ended(
    roll: PianoRoll, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(renderer, "_TIMEOUT_S", 0.01)
    assert await Renderer().picture(roll) is None
    assert "it took more than 0 seconds" in caplog.text


async def test_whoever_gives_up_leaves_no_process_and_frees_the_turn(
    roll: PianoRoll, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = list[asyncio.subprocess.Process]()
    start = asyncio.create_subprocess_exec

    async def noted(*arguments: str, **options: object) -> asyncio.subprocess.Process:
        started.append(await start(*arguments, **options))  # type: ignore[arg-type]
        return started[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", noted)
    rendering = Renderer(num_processes=1)
    task = asyncio.create_task(rendering.picture(roll))
    while not started:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert started[0].returncode == -signal.SIGKILL
    assert await rendering.picture(roll) is not None
