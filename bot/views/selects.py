"""Selects that work after a restart, like the buttons: one choice, which goes to an action.

A custom_id reads `cypherselect:<format>:<action>[:<argument>…]`; what was chosen is the action's
last argument.
"""

from collections.abc import Mapping
from typing import Any, Self, cast

import discord

from bot.views.buttons import FORMAT, press
from bot.views.mistakes import answering_mistakes

_PREFIX = "cypherselect"
_MAX_LABEL = 100


class ActionSelect(
    discord.ui.DynamicItem[discord.ui.Select[Any]],
    template=rf"{_PREFIX}:(?P<format>\d+):(?P<action>[a-z]+)(?P<arguments>(?::[^:]*)*)",
):
    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: Any, /
    ) -> Self:
        return cls(cast("discord.ui.Select[Any]", item))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await answering_mistakes(interaction, self._act)

    async def _act(self, interaction: discord.Interaction) -> None:
        await press(interaction, self.custom_id, *self.item.values)


def select(
    action: str, *arguments: object, placeholder: str, options: Mapping[str, str]
) -> ActionSelect:
    """`options` are labels by value."""
    custom_id = ":".join([_PREFIX, str(FORMAT), action, *map(str, arguments)])
    choices = [
        discord.SelectOption(label=label[:_MAX_LABEL], value=value)
        for value, label in options.items()
    ]
    return ActionSelect(
        discord.ui.Select(custom_id=custom_id, placeholder=placeholder, options=choices)
    )
