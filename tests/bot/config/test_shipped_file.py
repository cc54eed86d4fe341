"""The config.toml that comes with Cypher: complete, explained, and equal to the defaults."""

import re
import tomllib
from pathlib import Path

import pytest
from pydantic.fields import FieldInfo

from bot.config import Config, load_config
from bot.config.lines import key_lines
from bot.config.problems import settings
from bot.config.sections import Section

SHIPPED = Path(__file__).parents[3] / "config.toml"
SECTIONS = {
    title: type(section)
    for title, section in Config(data_dir=Path("data"))
    if isinstance(section, Section)
}


def test_the_shipped_file_holds_every_setting_with_its_default_and_nothing_else() -> None:
    shipped = tomllib.loads(SHIPPED.read_text())
    assert list(shipped) == list(SECTIONS)
    for title, section in SECTIONS.items():
        defaults = section().model_dump(mode="json", include=set(settings(section)))
        assert shipped[title] == defaults


def test_loading_the_shipped_file_changes_nothing(tmp_path: Path) -> None:
    assert load_config(SHIPPED, tmp_path, {}) == load_config(None, tmp_path, {})


@pytest.mark.parametrize("title", SECTIONS)
def test_every_setting_in_the_shipped_file_is_explained_above_it(title: str) -> None:
    lines = SHIPPED.read_text().splitlines()
    places = key_lines(SHIPPED.read_text())
    for name in settings(SECTIONS[title]):
        above = lines[places[title, name] - 2]
        assert above.startswith("# "), f"{title}.{name} is not explained"


def _bounds(field: FieldInfo) -> set[str]:
    bounds = (getattr(each, kind, None) for each in field.metadata for kind in ("ge", "gt", "le"))
    return {f"{bound:.10g}" for bound in bounds if bound is not None}


@pytest.mark.parametrize("title", SECTIONS)
def test_the_shipped_file_names_the_bounds_that_a_setting_has(title: str) -> None:
    section, names = SECTIONS[title], settings(SECTIONS[title])
    body = SHIPPED.read_text().split(f"\n[{title}]\n")[1]
    for name in names:
        comment = body[: body.index(f"\n{name} = ")].rpartition("\n\n")[2]
        words = {word.strip(".") for word in re.findall(r"[\w.]+", comment)}
        missing = _bounds(section.model_fields[name]) - words
        # A bound may be said as the name of another setting instead.
        assert len(missing) <= len(words & set(names)), f"{title}.{name}: {missing}"
