"""A simulated Discord with one server, and the bot logged in to it."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import simcord

from bot.app import App
from bot.commands import error_handler
from bot.local.locales import speaking


@dataclass(frozen=True, slots=True)
class World:
    """A server with one channel, an admin who owns it, and three members; Lin reads Chinese."""

    env: simcord.Env
    channel: simcord.ChannelHandle
    admin: simcord.MemberActor
    members: tuple[simcord.MemberActor, ...]
    strangers: tuple[simcord.UserHandle, ...]  # who are in no server


@contextlib.asynccontextmanager
async def simulated_discord(app: App, *, strangers: Sequence[str] = ()) -> AsyncIterator[World]:
    """The bot, logged in. A command may take as long as a verse may wait.

    `strangers` are names of more users; theirs, too, is the same number every time.
    """
    bot = app.new_bot()
    timeout_s = app.services.config.queue.deadline_s + 30.0
    env = simcord.Env(bot, check_errors=False, settle_timeout=timeout_s)
    # Before the start, so that their numbers are the same every time: votes in the database belong
    # to them.
    admin = env.create_user("ada", global_name="Ada (admin)")
    members = [
        env.create_user("ben", global_name="Ben"),
        env.create_user("chen", global_name="Chen"),
        env.create_user("lin", global_name="Lin (中文)"),
    ]
    others = tuple(env.create_user(name) for name in strangers)
    guild = env.create_guild("Cypher", owner=admin)
    channel = guild.create_text_channel("cypher", topic="Type /rap, vote, teach: /help says how")
    actors = tuple(guild.add_member(user) for user in members)
    try:
        await env.start()
        # simcord counts whatever reaches the error handler as a crash of the bot, a member's
        # mistake too. With its wrapper gone, the handler answers and the page stays well.
        bot.tree.error(error_handler.handle)
        if bot.user is not None:
            await bot.user.edit(username="Cypher")
        await env.advance_time(max(0.0, (datetime.now(UTC) - env.now()).total_seconds()))
        with speaking({actors[-1].id: "zh-CN"}):
            yield World(env, channel, simcord.MemberActor(env, guild, admin), actors, others)
    finally:
        await bot.close()
        await env.shutdown()
