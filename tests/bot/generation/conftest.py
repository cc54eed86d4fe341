"""A starter checkpoint that ends lines, a configuration for it, a hand on the engine's steps."""

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config, load_config
from bot.generation import GenerationService
from model.checkpoint import save_checkpoint
from model.engine import FrameRunner
from model.engine.int8 import Int8Runner
from model.engine.torch_runner import TorchRunner
from tests.factories import short_lined_checkpoint


@pytest.fixture(scope="session")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository") / "starter"
    save_checkpoint(short_lined_checkpoint("starter-1"), folder)
    return folder


Configure = Callable[..., Config]


@pytest.fixture
def configure(starter: Path, tmp_path: Path) -> Configure:
    """A configuration with the tiny starter; keywords override settings of the queue and
    generation. `beats` are settings of beats, which there are none of without.
    """

    def build(beats: dict[str, Any] | None = None, **settings: object) -> Config:
        config = load_config(None, tmp_path / "data", {})
        known = {"checkpoint": str(starter), "threads": 1, "device": "cpu"} | settings
        sections: dict[str, Any] = {
            name: section.model_copy(
                update={key: value for key, value in known.items() if hasattr(section, key)}
            )
            for name, section in (("generation", config.generation), ("queue", config.queue))
        }
        of_beats = {"enabled": False} if beats is None else beats
        sections["beats"] = config.beats.model_copy(update=of_beats)
        return config.model_copy(update=sections)

    return build


@pytest.fixture
async def service(configure: Configure) -> AsyncIterator[GenerationService]:
    async with GenerationService(configure()) as running:
        yield running


class Gate:
    """While closed, every engine stands still before its next step."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self._open.set()
        self.is_holding = False
        self.error: Exception | None = None

    def close(self) -> None:
        self._open.clear()

    def open(self) -> None:
        self._open.set()

    def pass_through(self) -> None:
        self.is_holding = not self._open.is_set()
        assert self._open.wait(10), "the gate was never opened"
        if self.error is not None:
            raise self.error


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    made = Gate()

    def gated(step: Callable[..., Any]) -> Callable[..., Any]:
        def wait_and_step(runner: Any, num_rows: int) -> Any:
            made.pass_through()
            return step(runner, num_rows)

        return wait_and_step

    for kind in (TorchRunner, Int8Runner, FrameRunner):
        monkeypatch.setattr(kind, "step", gated(kind.step))
    yield made
    made.open()
