"""Menus that work after a restart, like the buttons: options, channels or roles, of which one,
several or none may be chosen.

Their whole state is in their custom_id, `<kind>:<format>:<action>[:<argument>…]`. What was chosen
in a `cypherselect` is the action's last argument; the action of a `choose` asks `chosen`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self, cast

import discord

from bot.views.buttons import FORMAT, press
from bot.views.mistakes import answering_mistakes

_ONE, _ANY = "cypherselect", "choose"
_TEXT_CHANNELS = [discord.ChannelType.text, discord.ChannelType.news]
_MAX_CHOSEN = 25
_MAX_LABEL = 100


class ActionMenu(
    discord.ui.DynamicItem[discord.ui.Item[Any]],
    template=rf"({_ONE}|{_ANY}):(?P<format>\d+):(?P<action>[a-z]+)(?P<arguments>(?::[^:]*)*)",
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
        is_one = self.custom_id.startswith(f"{_ONE}:")
        await press(interaction, self.custom_id, *(chosen(interaction) if is_one else ()))


def chosen(interaction: discord.Interaction) -> list[str]:
    """The values of options, or the numbers of channels and roles."""
    data = cast("dict[str, Any]", interaction.data or {})
    return [str(each) for each in data.get("values", ())]


def select(
    action: str, *arguments: object, placeholder: str, options: Mapping[str, str]
) -> ActionMenu:
    """One of `options`, which are labels by value."""
    choices = [
        discord.SelectOption(label=label[:_MAX_LABEL], value=value)
        for value, label in options.items()
    ]
    custom_id = _id(action, arguments, _ONE)
    return ActionMenu(
        discord.ui.Select(custom_id=custom_id, placeholder=placeholder, options=choices)
    )


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


def _id(action: str, arguments: Sequence[object], kind: str = _ANY) -> str:
    return ":".join([kind, str(FORMAT), action, *map(str, arguments)])
