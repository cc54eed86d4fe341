"""Settings of a server: defaults until changed, and changed one by one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store import GuildSettings, Store, guilds
from tests.bot.store.examples import query


async def test_a_server_that_changed_nothing_has_the_defaults(store: Store) -> None:
    settings = await store.guilds.get(2**62)
    assert settings == GuildSettings(guild_id=2**62)
    assert settings.submissions_enabled
    assert settings.content == "default"
    assert settings.default_lines is None


async def test_a_change_leaves_the_other_settings_and_servers_alone(store: Store) -> None:
    await store.guilds.set(1, default_lines=16)
    changed = await store.guilds.set(1, content="unfiltered")
    assert changed == GuildSettings(guild_id=1, default_lines=16, content="unfiltered")
    assert await store.guilds.get(1) == changed
    assert await store.guilds.get(2) == GuildSettings(guild_id=2)


async def test_a_setting_can_go_back_to_what_the_configuration_says(store: Store) -> None:
    await store.guilds.set(1, default_lines=16)
    assert (await store.guilds.set(1, default_lines=None)).default_lines is None


async def test_the_usual_artist_comes_with_its_voice(store: Store) -> None:
    await store.artists.ensure(["Slim", "server:1/Slim"])
    for voice in ("server:1/Slim", "Slim"):
        number = await store.artists.find_id(voice)
        changed = await store.guilds.set(1, default_artist_id=number)
        assert changed.default_voice == voice
        assert await store.guilds.get(1) == changed
    assert (await store.guilds.set(1, default_artist_id=None)).default_voice is None


async def test_channels_and_roles_are_kept(store: Store) -> None:
    changed = await store.guilds.set(
        1, channel_ids=[2**62, 5], cooldown_s=30, review_role_id=6, retrain_role_id=7
    )
    assert changed.channel_ids == (2**62, 5)
    assert (changed.cooldown_s, changed.review_role_id, changed.retrain_role_id) == (30, 6, 7)
    store.guilds.forget(1)
    assert await store.guilds.get(1) == changed


async def test_changes_at_once_are_all_kept(store: Store) -> None:
    await asyncio.gather(
        store.guilds.set(1, default_lines=4),
        store.guilds.set(1, content="unfiltered"),
        store.guilds.set(1, submissions_enabled=False),
    )
    assert await store.guilds.get(1) == GuildSettings(
        guild_id=1, submissions_enabled=False, default_lines=4, content="unfiltered"
    )


async def test_settings_that_were_read_are_not_read_again(store: Store, path: Path) -> None:
    await store.guilds.set(1, default_lines=16)
    kept = await store.guilds.get(1)
    query(path, "UPDATE guild_settings SET default_lines = 4")
    assert await store.guilds.get(1) == kept
    await store.guilds.set(2, default_lines=8)  # another server's change lets it stay
    assert await store.guilds.get(1) == kept


async def test_a_change_is_seen_by_whoever_asks_after_it(store: Store) -> None:
    assert (await store.guilds.get(1)).default_lines is None
    for lines in (4, 16):
        changed = await store.guilds.set(1, default_lines=lines)
        assert await store.guilds.get(1) == changed == await store.guilds.get(1)


async def test_what_was_read_before_a_change_is_not_kept_after_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_read, may_end = asyncio.Event(), asyncio.Event()
    reader = store.database.reader

    @asynccontextmanager
    async def slow_reader() -> AsyncIterator[AsyncSession]:
        async with reader() as session:
            yield session
            has_read.set()
            await may_end.wait()

    monkeypatch.setattr(store.database, "reader", slow_reader)
    reading = asyncio.create_task(store.guilds.get(1))
    await has_read.wait()
    changed = await store.guilds.set(1, default_lines=16)
    may_end.set()
    assert (await reading).default_lines is None
    assert await store.guilds.get(1) == changed


async def test_settings_of_no_more_servers_are_kept_than_fit(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guilds, "MAX_KEPT", 2)
    for guild_id in (1, 2, 3, 1):
        assert await store.guilds.get(guild_id) == GuildSettings(guild_id=guild_id)
    assert store.guilds.num_kept == 2
