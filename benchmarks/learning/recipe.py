"""Recipes: the settings of a network and of its training, as files that say why."""

import tomllib
from pathlib import Path
from typing import Any

from model.errors import ConfigError


def recipe_names(folder: Path) -> list[str]:
    """Those that are shipped in `folder`."""
    return sorted(path.stem for path in folder.glob("*.toml"))


def recipe_path(folder: Path, name: str) -> Path:
    """Where the recipe called `name` is, which may also be a file anywhere."""
    return folder / f"{name}.toml" if name in recipe_names(folder) else Path(name)


def read_tables(path: Path, folder: Path) -> dict[str, Any]:
    """The tables of the recipe at `path`. Raises ConfigError, which names those in `folder`."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise ConfigError(
            f"There is no recipe {str(path)!r}. Give a file, or one of "
            f"{', '.join(recipe_names(folder))}."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"The recipe {path} is no TOML: {error}.") from error
