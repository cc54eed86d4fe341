"""A place to write a config.toml, and the problems that it brings."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bot.config import load_config
from bot.errors import ConfigError

ProblemsOf = Callable[..., list[str]]


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


@pytest.fixture
def problems_of(config_file: Path) -> ProblemsOf:
    """The problems without the file's own name in front: '14: queue.max_waiting must…'."""

    def problems(content: str | bytes, environ: Mapping[str, str] | None = None) -> list[str]:
        config_file.write_bytes(content.encode() if isinstance(content, str) else content)
        with pytest.raises(ConfigError) as caught:
            load_config(config_file, config_file.parent / "data", environ or {})
        return [each.removeprefix(f"{config_file}:").strip() for each in caught.value.problems]

    return problems
