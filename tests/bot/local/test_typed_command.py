"""A typed slash command comes apart the way Discord's own client would take it."""

from pathlib import Path
from typing import Any

import pytest

from bot.errors import OperatorError
from bot.local.typed_command import parse
from tests.bot.conftest import Stage


def taken_apart(stage: Stage, line: str) -> dict[str, Any]:
    assert stage.app.bot is not None
    return dict(parse(line, stage.app.bot.tree).options)


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("/rap seed:slim artist:Lear", {"seed": "slim", "artist": "Lear"}),
        ('rap seed:slim artist:"Edward Lear"', {"seed": "slim", "artist": "Edward Lear"}),
        (
            "/rap seed:so it goes artist:Edward Lear",
            {"seed": "so it goes", "artist": "Edward Lear"},
        ),
        ('/rap artist:Lear seed:"say \\"artist:\\""', {"artist": "Lear", "seed": 'say "artist:"'}),
        ("/rap seed:a:b artist:x", {"seed": "a:b", "artist": "x"}),
        ('/rap seed:"" artist:x', {"seed": "", "artist": "x"}),
        (
            "/rap seed:春风 artist:李白 lines:4 temperature:0.5",
            {"seed": "春风", "artist": "李白", "lines": 4, "temperature": 0.5},
        ),
        ("/artists", {}),
    ],
)
async def test_options_have_the_values_that_were_typed(
    stage: Stage, line: str, options: dict[str, Any]
) -> None:
    assert taken_apart(stage, line) == options


async def test_a_file_is_read_from_the_path_that_was_typed(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "song.txt"
    path.write_bytes(b"la la")
    options = taken_apart(stage, f"/submit artist:Nova Brine file:{path}")
    assert options["file"] == ("song.txt", b"la la")
    with pytest.raises(OperatorError, match="cannot be read"):
        taken_apart(stage, f"/submit artist:Nova Brine file:{path}.gone")
