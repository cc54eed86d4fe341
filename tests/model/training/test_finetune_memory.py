"""A fine-tune that was interrupted goes on to the very weights that it would have come to."""

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from model.checkpoint import Checkpoint
from model.config import FinetuneConfig
from model.training import finetune_memory, replay
from model.training.finetune import FinetuneResult, finetune
from model.training.finetune_hooks import FinetuneHooks
from model.training.finetune_memory import FinetuneMemory, Standing
from tests.factories import songs, tiny_checkpoint
from tests.model.training.test_finetune import new_songs
from tests.model.training.test_finetune_votes import judged

CONFIG = FinetuneConfig(
    learning_rate=0.01,
    artist_learning_rate=0.05,
    artist_epochs=2,
    epochs=3,
    average_decay=0.5,
    min_epoch_tokens=400,
    batch_size=4,
)


class Interrupted(Exception):
    pass


class CuttingMemory(FinetuneMemory):
    """One in which the life ends after so many validations were kept."""

    num_left = 0

    def keep(self, look: Callable[[], Standing]) -> None:
        super().keep(look)
        self.num_left -= 1
        if not self.num_left:
            raise Interrupted


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replay, "_TOKENS_A_ROW", 80)
        patch.setattr(finetune_memory, "_MOST_OF_THE_TIME", 1e9)
        yield


@pytest.fixture(scope="module")
def live() -> Checkpoint:
    return tiny_checkpoint("live-1")


@pytest.fixture(scope="module")
def whole(live: Checkpoint) -> FinetuneResult[Checkpoint]:
    return learn(live, FinetuneMemory())


def learn(live: Checkpoint, memory: FinetuneMemory) -> FinetuneResult[Checkpoint]:
    hooks = FinetuneHooks(memory=memory)
    return finetune(live, "live-2", new_songs(4), songs()[:4], CONFIG, hooks, judged())


def interrupt(live: Checkpoint, folder: Path, num_kept: int) -> None:
    memory = CuttingMemory(folder, "key")
    memory.num_left = num_kept
    with pytest.raises(Interrupted):
        learn(live, memory)


@pytest.mark.parametrize(("num_kept", "stage"), [(2, "artists"), (4, "training"), (7, "votes")])
def test_a_run_that_was_interrupted_ends_in_the_same_weights(
    live: Checkpoint, whole: FinetuneResult[Checkpoint], tmp_path: Path, num_kept: int, stage: str
) -> None:
    interrupt(live, tmp_path, num_kept)
    memory = FinetuneMemory(tmp_path, "key")
    assert memory.resumed is not None
    assert memory.resumed.stage == stage
    resumed = learn(live, memory)
    assert_same(resumed, whole)


def test_it_may_be_interrupted_again_and_again(
    live: Checkpoint, whole: FinetuneResult[Checkpoint], tmp_path: Path
) -> None:
    for _ in range(4):
        interrupt(live, tmp_path, 1)
    assert_same(learn(live, FinetuneMemory(tmp_path, "key")), whole)


def assert_same(one: FinetuneResult[Checkpoint], other: FinetuneResult[Checkpoint]) -> None:
    weights, expected = one.candidate.model.state_dict(), other.candidate.model.state_dict()
    for name, value in expected.items():
        assert torch.equal(weights[name], value), name
    assert (one.new_songs, one.others) == (other.new_songs, other.others)
    assert [_measured(point) for point in one.curve] == [_measured(point) for point in other.curve]
    seconds = [point.elapsed_s for point in one.curve]
    assert seconds == sorted(seconds)


def _measured(point: object) -> dict[str, object]:
    """Without what is a matter of time, and the loss, whose average begins anew."""
    values = dataclasses.asdict(point)  # type: ignore[call-overload]
    return {name: values[name] for name in ("stage", "new_songs", "others")}


def test_what_was_begun_otherwise_is_forgotten_and_erased(live: Checkpoint, tmp_path: Path) -> None:
    interrupt(live, tmp_path / "state", 1)
    assert FinetuneMemory(tmp_path / "state", "another key").resumed is None
    assert not (tmp_path / "state").exists()


def test_a_damaged_memory_is_none(
    live: Checkpoint, whole: FinetuneResult[Checkpoint], tmp_path: Path
) -> None:
    interrupt(live, tmp_path, 1)
    for path in tmp_path.iterdir():
        path.write_bytes(path.read_bytes()[:100])
    memory = FinetuneMemory(tmp_path, "key")
    assert memory.resumed is None
    assert_same(learn(live, memory), whole)


def test_a_full_disk_costs_the_memory_and_not_the_run(
    live: Checkpoint,
    whole: FinetuneResult[Checkpoint],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(finetune_memory, "replace_file", fail)
    assert_same(learn(live, FinetuneMemory(tmp_path / "state", "key")), whole)
    assert "No space left" in caplog.text


def test_keeping_takes_little_of_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finetune_memory, "_MOST_OF_THE_TIME", 0.05)
    memory = FinetuneMemory(tmp_path, "key")
    memory._spent_s = 10.0
    memory.keep(lambda: pytest.fail("it was kept all the same"))
