"""What can be done with the versions of the model: look, pin, and go back."""

from functools import partial

import discord

from bot.errors import NoSuchCheckpoint, NotComparable, SameVersion
from bot.locale import N_
from bot.retraining import Version
from bot.retraining.comparing import compare
from bot.retraining.comparison_chart import draw_comparison
from bot.retraining.trial import Outcome
from bot.views.admins import require_trainer
from bot.views.card import Card
from bot.views.language import translator_for
from bot.views.private import send_privately
from bot.views.services import rules_of, services_of, settings_of
from bot.views.version_card import version_card, versions_page, way_back_card
from bot.views.version_compare import comparison_card, for_picture

LOOK_AFTER = N_("look after the model")


async def show_versions(interaction: discord.Interaction) -> None:
    await send_privately(interaction, **(await _page(interaction, 0)).as_reply())


async def show_way_back(interaction: discord.Interaction, name: str | None) -> None:
    """Without a name to the version before the live one."""
    versions = services_of(interaction).versions
    target = await (versions.before_live() if name is None else versions.find(name))
    await send_privately(interaction, **(await _way_back(interaction, target)).as_reply())


async def set_pin(interaction: discord.Interaction, name: str, *, is_pinned: bool) -> None:
    versions, _ = services_of(interaction).versions, translator_for(interaction)
    change = versions.pin(name, interaction.user.id) if is_pinned else versions.unpin(name)
    card = await _card(interaction, await change)
    said = _("📌 Pinned: it is never removed.") if is_pinned else _("Not pinned any more.")
    await send_privately(interaction, content=said, **card.as_reply())


async def show_comparison(interaction: discord.Interaction, first: str, second: str | None) -> None:
    """Without a second name with the live version; drawing takes longer than Discord waits."""
    services = services_of(interaction)
    await interaction.response.defer(ephemeral=True, thinking=True)
    card = await _comparison(interaction, first, second or services.generation.live_version)
    await interaction.edit_original_response(**card.as_message())


async def press(interaction: discord.Interaction, order: str, what: str) -> None:
    """Any button of these cards; `what` is the number of a page or the key of a version."""
    await require_trainer(interaction, LOOK_AFTER)
    if order == "rollback":
        await _roll_back(interaction, what)
        return
    if order in ("take", "drop"):
        await _end_trial(interaction, what, "taken" if order == "take" else "dropped")
        return
    if order == "compare":
        await interaction.response.defer()
        live = services_of(interaction).generation.live_version
        card = await _comparison(interaction, what, live)
        await interaction.edit_original_response(**card.as_message())
        return
    await interaction.response.edit_message(
        **(await _answer(interaction, order, what)).as_message()
    )


async def _answer(interaction: discord.Interaction, order: str, what: str) -> Card:
    if order == "page":
        return await _page(interaction, int(what))
    versions, member = services_of(interaction).versions, interaction.user.id
    match order:
        case "back":
            return await _way_back(interaction, await versions.find(what))
        case "pin":
            return await _card(interaction, await versions.pin(what, member))
        case "unpin":
            return await _card(interaction, await versions.unpin(what))
    return await _card(interaction, await versions.find(what))


async def _roll_back(interaction: discord.Interaction, key: str) -> None:
    """The engine of the version is built first, which may take longer than Discord waits."""
    services, _ = services_of(interaction), translator_for(interaction)
    await interaction.response.defer()
    target = await services.versions.find(key)
    change = partial(services.versions.roll_back, target.name, interaction.user.id)
    card = await _card(interaction, await services.background.call(change))
    said = _("⏪ {version} is live again.").format(version=target.name)
    await interaction.edit_original_response(**{**card.as_message(), "content": said})


async def _end_trial(interaction: discord.Interaction, key: str, outcome: Outcome) -> None:
    services = services_of(interaction)
    await interaction.response.defer()
    end = partial(services.versions.end_trial, key, outcome)
    card = await _card(interaction, await services.background.call(end))
    await interaction.edit_original_response(**card.as_message())


async def _page(interaction: discord.Interaction, page: int) -> Card:
    versions = await services_of(interaction).versions.all()
    return versions_page(versions, page, interaction.guild_id, translator_for(interaction))


async def _card(interaction: discord.Interaction, version: Version) -> Card:
    picture = await services_of(interaction).versions.picture(version)
    return version_card(version, interaction.guild_id, picture, translator_for(interaction))


async def _comparison(interaction: discord.Interaction, first: str, second: str) -> Card:
    versions, settings = services_of(interaction).versions, await settings_of(interaction)
    both = await versions.find(first), await versions.find(second)
    if both[0].name == both[1].name:
        raise SameVersion(both[0].name)
    if any(version.kind == "beats" for version in both):
        raise NotComparable
    comparison = compare(*both, interaction.guild_id)
    draw = partial(draw_comparison, for_picture(comparison))
    picture = await services_of(interaction).background.call(draw)
    rules = rules_of(interaction, settings)
    return comparison_card(comparison, picture, rules, translator_for(interaction))


async def _way_back(interaction: discord.Interaction, target: Version) -> Card:
    if not target.is_way_back:
        raise NoSuchCheckpoint(target.name)
    services = services_of(interaction)
    live = await services.versions.live(target.kind)
    return way_back_card(live, target, interaction.guild_id, translator_for(interaction))
