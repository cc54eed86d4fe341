"""Somebody who tries every command, form, button and suggestion, with hostile content."""

import math
from typing import Any

import discord
import simcord
from discord import AppCommandOptionType, app_commands
from hypothesis import strategies as st

from tests.bot.conftest import Stage
from tests.bot.hostile.forged import forged, view_with
from tests.bot.hostile.texts import files, midi_files, texts

_BUTTON, _STRING_SELECT = 2, 3
_USER_SELECTS, _ROLE_SELECT, _CHANNEL_SELECT = (5, 7), 6, 8
_NUM_KEPT = 12  # cards that are still looked at


class Walker:
    """Draws one move after the other from Hypothesis, and makes it on the simulated Discord."""

    def __init__(self, stage: Stage, data: st.DataObject) -> None:
        self._stage = stage
        self._draw = data.draw
        self._cards: list[Any] = []
        self.num_inputs = 0

    async def move(self) -> None:
        moves = {
            "command": self._command,
            "card": self._press_card,
            "forged": self._press_forged,
            "typing": self._type,
        }
        kinds = ("command", "command", "card", "card", "forged", "typing")
        await moves[self._draw(st.sampled_from(kinds))]()

    async def _command(self) -> None:
        actor, command = self._actor(), self._draw(st.sampled_from(self._commands()))
        options = self._options(command)
        await self._try(actor, actor.slash(self._stage.channel, command.qualified_name, **options))

    async def _press_card(self) -> None:
        """A button or a select on a card that is there."""
        parts = [(card, part) for card in self._cards for part in _parts_of(card)]
        if not parts:
            return
        card, part = self._draw(st.sampled_from(parts))
        await self._press(self._actor(), card, part)

    async def _press_forged(self) -> None:
        """A button or menu that the bot never made, or made long ago."""
        item = self._draw(forged())
        bot = self._stage.app.bot
        assert bot is not None
        view = view_with(item)
        channel = bot.get_partial_messageable(self._stage.channel.id)
        message = await channel.send(view=view)
        view.stop()
        actor, custom_id = self._actor(), item.custom_id
        if isinstance(item, discord.ui.Select):
            values = [each.value for each in item.options]
            await self._try(actor, actor.select(message, values, custom_id=custom_id))
        else:
            await self._try(actor, actor.click(message, custom_id=custom_id))

    async def _type(self) -> None:
        suggesting = [
            (command, parameter.name)
            for command in self._commands()
            for parameter in command.parameters
            if parameter.autocomplete
        ]
        command, option = self._draw(st.sampled_from(suggesting))
        actor, typed = self._actor(), self._draw(texts(max_size=100))
        channel, name = self._stage.channel, command.qualified_name
        try:
            offered = await actor.autocomplete(channel, name, option, typed)
        except simcord.SetupError:
            return
        self.num_inputs += 1
        assert len(offered) <= 25
        assert all(1 <= len(each["name"]) <= 100 for each in offered)

    async def _press(self, actor: Any, card: Any, part: dict[str, Any]) -> None:
        if part["type"] == _BUTTON:
            await self._try(actor, actor.click(card, custom_id=part["custom_id"]))
            return
        values = self._chosen(part)
        await self._try(actor, actor.select(card, values, custom_id=part["custom_id"]))

    async def _try(self, actor: Any, action: Any) -> None:
        """What Discord's own client or server would not let through is no input."""
        try:
            result = await action
        except simcord.SetupError:
            return
        self.num_inputs += 1
        if result.modal is not None:
            values = {each["custom_id"]: self._filled(each) for each in _controls(result.modal)}
            await self._try(actor, actor.submit_modal(result, values))
        answers = (result.response, *result.followups)
        self._cards = [*self._cards, *filter(None, answers)][-_NUM_KEPT:]

    def _actor(self) -> Any:
        stage = self._stage
        return self._draw(st.sampled_from((stage.admin, stage.admin, stage.ben, stage.chen)))

    def _commands(self) -> list[app_commands.Command[Any, Any, Any]]:
        bot = self._stage.app.bot
        assert bot is not None
        return [each for each in bot.tree.walk_commands() if isinstance(each, app_commands.Command)]

    def _options(self, command: app_commands.Command[Any, Any, Any]) -> dict[str, Any]:
        return {
            each.name: self._option(each)
            for each in command.parameters
            if each.required or self._draw(st.booleans())
        }

    def _option(self, option: app_commands.Parameter) -> Any:
        if option.choices:
            return self._draw(st.sampled_from([each.value for each in option.choices]))
        low, high = option.min_value, option.max_value
        match option.type:
            case AppCommandOptionType.string:
                known = st.sampled_from(("Mara Quill", "夜雨", "Nova Brine", "march", "Am F C G"))
                return self._draw(texts(int(low or 0), min(int(high or 6000), 6000)) | known)
            case AppCommandOptionType.integer:
                return self._draw(st.integers(_whole(low, -(2**53)), _whole(high, 2**53)))
            case AppCommandOptionType.number:
                # torch has turned subnormal numbers off for the whole process.
                usual = st.floats(low, high, allow_nan=False, allow_subnormal=False)
                return self._draw(usual.filter(math.isfinite))
            case AppCommandOptionType.boolean:
                return self._draw(st.booleans())
            case AppCommandOptionType.attachment:
                return self._draw(midi_files())
            case AppCommandOptionType.channel:
                return self._stage.channel
            case _:
                return self._draw(st.sampled_from((self._stage.ben, self._stage.chen)))

    def _filled(self, control: dict[str, Any]) -> Any:
        """A value for a control of a form, by its kind as Discord numbers them."""
        match control["type"]:
            case 4:
                low, high = control.get("min_length") or 0, control.get("max_length") or 4000
                return self._draw(texts(max(low, int(control.get("required", True))), high))
            case 19:
                return [self._draw(files())]
            case 23:
                return self._draw(st.booleans())
            case _:
                return self._chosen(control)

    def _chosen(self, control: dict[str, Any]) -> Any:
        match control["type"]:
            case kind if kind in _USER_SELECTS:
                return [self._stage.ben]
            case kind if kind == _CHANNEL_SELECT:
                return [self._stage.channel]
            case kind if kind == _ROLE_SELECT:
                return []
            case _:
                values = [each["value"] for each in control.get("options", ())]
                most = max(1, min(len(values), control.get("max_values") or 1))
                chosen = st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True)
                return self._draw(chosen)


def _whole(bound: float | None, default: int) -> int:
    return default if bound is None else int(bound)


def _parts_of(card: Any) -> list[dict[str, Any]]:
    rows = [part for row in card.components for part in row.get("components", [row])]
    return [part for part in rows if part.get("custom_id") and not part.get("disabled")]


def _controls(modal: dict[str, Any]) -> list[dict[str, Any]]:
    parts = [part.get("component", part) for part in modal["components"]]
    return [part for part in parts if part.get("custom_id")]
