"""The whole bot is killed at work, and the next one keeps its word."""

from pathlib import Path

import pytest

from benchmarks.crash.aims import training
from benchmarks.crash.drill import Drill
from model.checkpoint import save_checkpoint
from tests.factories import tiny_checkpoint

needs_proc = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="the drill follows processes through /proc"
)


@needs_proc
async def test_a_bot_killed_while_it_trains_has_kept_all_that_it_acknowledged(
    tmp_path: Path,
) -> None:
    save_checkpoint(tiny_checkpoint("starter-1"), tmp_path / "starter")
    killed = await Drill(tmp_path / "data", tmp_path / "starter").round(training("replay", 0.3))
    assert killed.losses == []
    assert killed.num_children >= 1  # the training process
    kinds = {"verses", "votes", "submissions", "approvals", "runs", "backups"}
    assert set(killed.acknowledged) == kinds
