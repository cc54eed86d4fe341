"""Arguments of buttons are what their action declares, or the button is an old one."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from bot.views.arguments import LEFT_OUT, Number, read_arguments


async def act(
    interaction: Any,
    way: Literal["up", "down"],
    number: Number,
    share: Annotated[Annotated[int, Field(le=100)] | None, LEFT_OUT] = None,
) -> None: ...


@pytest.mark.parametrize(
    ("arguments", "values"),
    [
        (["up", "7"], ["up", 7]),
        (["down", "7", ""], ["down", 7, None]),
        (["up", str(2**63 - 1), "30"], ["up", 2**63 - 1, 30]),
    ],
)
def test_arguments_are_read_as_declared(arguments: list[str], values: list[Any]) -> None:
    assert read_arguments(act, arguments) == values


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["up"],
        ["sideways", "7"],
        ["up", "x"],
        ["up", "0"],
        ["up", str(2**63)],
        ["up", "7", "101"],
        ["up", "7", "30", "more"],
    ],
)
def test_anything_else_is_no_button_of_ours(arguments: list[str]) -> None:
    assert read_arguments(act, arguments) is None
