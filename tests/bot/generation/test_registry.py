"""Which checkpoint is live, whatever happened to the folders."""

import shutil
from pathlib import Path

import pytest

from bot.errors import CheckpointError
from bot.generation.registry import POINTER, CheckpointRegistry
from model.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from tests.factories import short_lined_checkpoint


@pytest.fixture
def folders(tmp_path: Path, starter: Path) -> Path:
    shutil.copytree(starter, tmp_path / "starter")
    for version in ("v1", "v2"):
        save_checkpoint(short_lined_checkpoint(version), tmp_path / "checkpoints" / version)
    return tmp_path / "checkpoints"


@pytest.fixture
def registry(folders: Path) -> CheckpointRegistry[Checkpoint]:
    return CheckpointRegistry(folders, folders.parent / "starter", load_checkpoint)


def live(registry: CheckpointRegistry[Checkpoint]) -> str:
    return registry.load_live("cpu")[0].version


def test_without_a_pointer_the_starter_is_live(registry: CheckpointRegistry[Checkpoint]) -> None:
    assert live(registry) == "starter-1"


def test_the_promoted_one_is_live_and_the_one_before_is_its_fallback(
    registry: CheckpointRegistry[Checkpoint], folders: Path
) -> None:
    registry.promote(folders / "v1")
    registry.promote(folders / "v2")
    assert live(registry) == "v2"
    shutil.rmtree(folders / "v2")
    checkpoint, warnings = registry.load_live("cpu")
    assert checkpoint.version == "v1"
    assert "v2" in warnings[0]
    assert "v1" in warnings[-1]
    (folders / "v1" / "manifest.json").write_bytes(b"\x00")
    assert live(registry) == "starter-1"


def test_promoting_the_live_one_again_keeps_the_fallback(
    registry: CheckpointRegistry[Checkpoint], folders: Path
) -> None:
    for version in ("v1", "v2", "v2"):
        registry.promote(folders / version)
    shutil.rmtree(folders / "v2")
    assert live(registry) == "v1"


def test_when_nothing_loads_the_error_names_every_reason_and_a_remedy(
    registry: CheckpointRegistry[Checkpoint], folders: Path
) -> None:
    registry.promote(folders / "v1")
    shutil.rmtree(folders / "v1")
    shutil.rmtree(folders.parent / "starter")
    with pytest.raises(CheckpointError) as error:
        registry.load_live("cpu")
    assert "v1" in error.value.message
    assert "starter" in error.value.message
    assert error.value.remedy


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b'{"live": "v1"}',
        b'{"live": "../v1", "previous": null}',
        b'{"live": "/etc", "previous": null}',
        b'{"live": "..", "previous": null}',
        b'{"live": 3, "previous": null}',
    ],
)
def test_a_damaged_pointer_means_the_starter_and_a_warning(
    registry: CheckpointRegistry[Checkpoint], folders: Path, content: bytes
) -> None:
    (folders / POINTER).write_bytes(content)
    checkpoint, warnings = registry.load_live("cpu")
    assert checkpoint.version == "starter-1"
    assert POINTER in warnings[0]
    registry.promote(folders / "v1")
    assert live(registry) == "v1"


def test_only_checkpoints_of_this_bot_can_go_live(
    registry: CheckpointRegistry[Checkpoint], tmp_path: Path
) -> None:
    save_checkpoint(short_lined_checkpoint("alien"), tmp_path / "alien")
    for act in (registry.promote, lambda folder: registry.load(folder, "cpu")):
        with pytest.raises(CheckpointError, match="neither"):
            act(tmp_path / "alien")
    assert live(registry) == "starter-1"


def test_promoting_leaves_no_litter(
    registry: CheckpointRegistry[Checkpoint], folders: Path
) -> None:
    registry.promote(folders / "v1")
    assert sorted(path.name for path in folders.iterdir()) == [POINTER, "v1", "v2"]
