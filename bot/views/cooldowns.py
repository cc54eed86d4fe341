"""How soon a member may ask for another verse, where their server wants them to wait."""

from typing import Protocol, cast

import discord

from bot.errors import TooSoon

_MAX_KEPT = 10_000  # members; a megabyte or two
_SPENT = "cooldown"


class Cooldowns:
    """When each member last asked, by Discord's clock; forgotten when the bot stops."""

    def __init__(self) -> None:
        self._asked_at: dict[tuple[int, int], float] = {}  # the oldest first

    def start(self, guild_id: int, user_id: int, cooldown_s: int, now: float) -> float | None:
        """When they asked before. Raises TooSoon where that is less than `cooldown_s` ago."""
        member = guild_id, user_id
        before = self._asked_at.get(member)
        if before is not None and now - before < cooldown_s:
            raise TooSoon(cooldown_s - (now - before))
        self._put(member, now)
        return before

    def take_back(self, guild_id: int, user_id: int, before: float | None) -> None:
        """As if they had not asked since `before`."""
        self._asked_at.pop((guild_id, user_id), None)
        if before is not None:
            self._put((guild_id, user_id), before)

    def _put(self, member: tuple[int, int], moment: float) -> None:
        self._asked_at.pop(member, None)
        if len(self._asked_at) >= _MAX_KEPT:
            del self._asked_at[next(iter(self._asked_at))]
        self._asked_at[member] = moment


class _HasCooldowns(Protocol):
    cooldowns: Cooldowns


class _Client(Protocol):
    services: _HasCooldowns


def start_cooldown(interaction: discord.Interaction, cooldown_s: int) -> None:
    """For what makes a verse. Raises TooSoon."""
    if interaction.guild_id is None or _SPENT in interaction.extras:
        return
    cooldowns, now = _cooldowns(interaction), interaction.created_at.timestamp()
    before = cooldowns.start(interaction.guild_id, interaction.user.id, cooldown_s, now)
    interaction.extras[_SPENT] = before


def forgive(interaction: discord.Interaction) -> None:
    """There was no verse, so the next one need not wait."""
    if _SPENT in interaction.extras and interaction.guild_id is not None:
        before = interaction.extras.pop(_SPENT)
        _cooldowns(interaction).take_back(interaction.guild_id, interaction.user.id, before)


def _cooldowns(interaction: discord.Interaction) -> Cooldowns:
    return cast("_Client", interaction.client).services.cooldowns
