"""Settings of a server: defaults until changed, and changed one by one."""

import asyncio

from bot.store import GuildSettings, Store


async def test_a_server_that_changed_nothing_has_the_defaults(store: Store) -> None:
    settings = await store.guilds.get(2**62)
    assert settings == GuildSettings(guild_id=2**62)
    assert settings.submissions_enabled
    assert not settings.allow_explicit
    assert settings.default_lines is None


async def test_a_change_leaves_the_other_settings_and_servers_alone(store: Store) -> None:
    await store.guilds.set(1, default_lines=16)
    changed = await store.guilds.set(1, allow_explicit=True)
    assert changed == GuildSettings(guild_id=1, default_lines=16, allow_explicit=True)
    assert await store.guilds.get(1) == changed
    assert await store.guilds.get(2) == GuildSettings(guild_id=2)


async def test_a_setting_can_go_back_to_what_the_configuration_says(store: Store) -> None:
    await store.guilds.set(1, default_lines=16)
    assert (await store.guilds.set(1, default_lines=None)).default_lines is None


async def test_changes_at_once_are_all_kept(store: Store) -> None:
    await asyncio.gather(
        store.guilds.set(1, default_lines=4),
        store.guilds.set(1, allow_explicit=True),
        store.guilds.set(1, submissions_enabled=False),
    )
    assert await store.guilds.get(1) == GuildSettings(
        guild_id=1, submissions_enabled=False, default_lines=4, allow_explicit=True
    )
