"""Menus of a setting: options, channels or roles, of which one, several or none may be chosen.

Their whole state is in their custom_id, `choose:<format>:<action>[:<argument>…]`, as that of
buttons is, and `chosen` says what was chosen.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Self, cast

import discord

from bot.views.buttons import FORMAT, press
from bot.views.mistakes import answering_mistakes

_TEXT_CHANNELS = [discord.ChannelType.text, discord.ChannelType.news]
_MAX_CHOSEN = 25


class ActionMenu(
    discord.ui.DynamicItem[discord.ui.Item[Any]],
    template=r"choose:(?P<format>\d+):(?P<action>[a-z]+)(?P<arguments>(?::[^:]*)*)",
):
    """Choices go to the bot's action of that name."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: Any, /
    ) -> Self:
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await answering_mistakes(interaction, self._act)

    async def _act(self, interaction: discord.Interaction) -> None:
        await press(interaction, self.custom_id)


def chosen(interaction: discord.Interaction) -> list[str]:
    """The values of options, or the numbers of channels and roles."""
    data = cast("dict[str, Any]", interaction.data or {})
    return [str(each) for each in data.get("values", ())]


def menu_of_options(
    action: str, *arguments: object, options: list[discord.SelectOption]
) -> ActionMenu:
    return ActionMenu(discord.ui.Select(custom_id=_id(action, arguments), options=options))


def menu_of_channels(
    action: str, *arguments: object, current: Iterable[int], placeholder: str, at_most: int
) -> ActionMenu:
    return ActionMenu(
        discord.ui.ChannelSelect(
            custom_id=_id(action, arguments),
            channel_types=_TEXT_CHANNELS,
            default_values=[discord.Object(each) for each in current][:at_most],
            placeholder=placeholder,
            min_values=0,
            max_values=min(at_most, _MAX_CHOSEN),
        )
    )


def menu_of_roles(
    action: str, *arguments: object, current: int | None, placeholder: str
) -> ActionMenu:
    return ActionMenu(
        discord.ui.RoleSelect(
            custom_id=_id(action, arguments),
            default_values=[] if current is None else [discord.Object(current)],
            placeholder=placeholder,
            min_values=0,
            max_values=1,
        )
    )


def _id(action: str, arguments: Sequence[object]) -> str:
    return ":".join(["choose", str(FORMAT), action, *map(str, arguments)])
