"""The configuration that comes out: its paths, and that it stays as it is."""

from pathlib import Path
from typing import Any

import pydantic
import pytest

from bot.config import DatabaseConfig, GenerationConfig, load_config
from bot.errors import ConfigError


def test_the_paths_follow_from_the_data_folder(tmp_path: Path) -> None:
    config = load_config(None, tmp_path / "a folder", {})
    assert config.database_path == tmp_path / "a folder" / "cypher.db"
    assert config.checkpoints_dir == tmp_path / "a folder" / "checkpoints"
    assert config.logs_dir == tmp_path / "a folder" / "logs"


def test_a_relative_data_folder_becomes_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config = load_config(None, Path("data"), {})
    assert config.data_dir == tmp_path / "data"
    assert config.database.url == f"sqlite+aiosqlite:///{tmp_path}/data/cypher.db"


def test_the_starter_checkpoint_counts_from_the_project_not_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config = load_config(None, tmp_path, {})
    assert config.starter_checkpoint == Path(__file__).parents[3] / "checkpoints" / "starter"


@pytest.mark.parametrize("name", ["file", "what?"])
def test_a_data_folder_that_cannot_serve_is_a_fault(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="--data: "):
        load_config(None, tmp_path / name, {})


def test_a_configuration_cannot_be_changed(tmp_path: Path) -> None:
    config: Any = load_config(None, tmp_path, {})
    with pytest.raises(pydantic.ValidationError):
        config.queue.max_waiting = 1
    with pytest.raises(pydantic.ValidationError):
        config.queue = config.queue


def test_sections_can_be_built_alone() -> None:
    assert GenerationConfig(temperature=0.5).temperature == 0.5
    assert DatabaseConfig().url == "sqlite+aiosqlite:///{data}/cypher.db"
