"""Buttons whose whole state is in their custom_id, so that they work after a restart.

A custom_id reads `cypher:<format>:<action>[:<argument>…]`. A button of another format, or of an
action that is gone, gets a polite answer.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, Self, cast

import discord

from bot.views.arguments import read_arguments
from bot.views.language import translator_for
from bot.views.mistakes import answering_mistakes
from bot.views.private import send_privately

FORMAT = 1

# (interaction, *arguments of the custom_id); its annotations say what they are: arguments.py.
Action = Callable[..., Awaitable[None]]


class HasActions(Protocol):
    actions: dict[str, Action]


class ActionButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"cypher:(?P<format>\d+):(?P<action>[a-z]+)(?P<arguments>(?::[^:]*)*)",
):
    """Presses go to the bot's action of that name."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: Any, /
    ) -> Self:
        return cls(cast("discord.ui.Button[Any]", item))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await answering_mistakes(interaction, self._act)

    async def _act(self, interaction: discord.Interaction) -> None:
        await press(interaction, self.custom_id)


async def press(interaction: discord.Interaction, custom_id: str, *chosen: str) -> None:
    """`chosen`, what was chosen in a select, comes behind the arguments of the custom_id."""
    button_format, action, *arguments = (*custom_id.split(":")[1:], *chosen)
    act = cast("HasActions", interaction.client).actions.get(action)
    is_known = act is not None and button_format == str(FORMAT)
    values = read_arguments(act, arguments) if act and is_known else None
    if act is None or values is None:
        _ = translator_for(interaction)
        said = _("This button is from an older version of me. Start afresh with /rap or /help.")
        await send_privately(interaction, content=said)
    else:
        await act(interaction, *values)


def button(
    action: str,
    *arguments: object,
    label: str | None = None,
    emoji: str | None = None,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    is_enabled: bool = True,
    row: int | None = None,
) -> ActionButton:
    custom_id = ":".join(["cypher", str(FORMAT), action, *map(str, arguments)])
    plain_button: discord.ui.Button[Any] = discord.ui.Button(
        label=label,
        emoji=emoji,
        style=style,
        custom_id=custom_id,
        disabled=not is_enabled,
        row=row,
    )
    return ActionButton(plain_button)


def view_of(*items: discord.ui.Item[Any]) -> discord.ui.View:
    """Five buttons in a row, at most 25; a select is a row of its own."""
    view = discord.ui.View(timeout=None)
    for each in items:
        view.add_item(each)
    return view
