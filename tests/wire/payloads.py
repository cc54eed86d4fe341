"""What Discord sends of a server, its members and what they do, as plain JSON."""

import itertools
from typing import Any

APPLICATION = 900_000_000_000_000_001
BOT = 900_000_000_000_000_002
GUILD = 900_000_000_000_000_003
CHANNEL = 900_000_000_000_000_004

_EVERYTHING = str((1 << 50) - 1)  # as permissions
_WHEN = "2026-01-01T00:00:00+00:00"
_ids = itertools.count(900_000_000_000_100_000)

Payload = dict[str, Any]


def new_id() -> int:
    """A number that nothing else here has."""
    return next(_ids)


def user(user_id: int, *, is_bot: bool = False) -> Payload:
    return {
        "id": str(user_id),
        "username": f"user-{user_id}",
        "discriminator": "0",
        "global_name": None,
        "avatar": None,
        "bot": is_bot,
    }


def guild_of(shard: int) -> int:
    """Discord's rule for three shards; each has a server."""
    return GUILD + (shard << 22) if shard else GUILD


def channel_of(shard: int) -> int:
    return guild_of(shard) + 1


def ready(session_id: str, shard: int = 0) -> Payload:
    return {
        "v": 10,
        "user": user(BOT, is_bot=True),
        "guilds": [{"id": str(guild_of(shard)), "unavailable": True}],
        "session_id": session_id,
        "shard": [shard, 3],
        "resume_gateway_url": "wss://gateway.discord.gg",
        "application": {"id": str(APPLICATION), "flags": 0},
    }


def guild(shard: int = 0) -> Payload:
    guild_id = str(guild_of(shard))
    everyone = {
        "id": guild_id,
        "name": "@everyone",
        "color": 0,
        "hoist": False,
        "position": 0,
        "permissions": _EVERYTHING,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
    return {
        "id": guild_id,
        "name": "Wire",
        "owner_id": "1",
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "roles": [everyone],
        "emojis": [],
        "features": [],
        "mfa_level": 0,
        "system_channel_flags": 0,
        "premium_tier": 0,
        "preferred_locale": "en-US",
        "nsfw_level": 0,
        "joined_at": _WHEN,
        "large": False,
        "unavailable": False,
        "member_count": 2,
        "voice_states": [],
        "members": [],
        "channels": [channel(shard)],
        "threads": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
    }


def channel(shard: int = 0) -> Payload:
    return {
        "id": str(channel_of(shard)),
        "type": 0,
        "name": "cypher",
        "position": 0,
        "permission_overwrites": [],
        "nsfw": False,
        "guild_id": str(guild_of(shard)),
        "parent_id": None,
        "permissions": _EVERYTHING,
    }


def message(message_id: int, body: Payload) -> Payload:
    """What a request's `body` becomes in the channel."""
    return {
        "id": str(message_id),
        "channel_id": str(CHANNEL),
        "author": user(BOT, is_bot=True),
        "content": body.get("content") or "",
        "timestamp": _WHEN,
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": body.get("embeds") or [],
        "components": body.get("components") or [],
        "flags": body.get("flags") or 0,
        "pinned": False,
        "type": 0,
    }


def slash(
    user_id: int, name: str, options: Payload, locale: str = "en-US", shard: int = 0
) -> Payload:
    """INTERACTION_CREATE of a typed command."""
    kinds = {str: 3, int: 4, bool: 5, float: 10}
    chosen = [
        {"name": option, "type": kinds[type(value)], "value": value}
        for option, value in options.items()
    ]
    data = {"id": str(new_id()), "name": name, "type": 1, "options": chosen}
    return {**_interaction(user_id, locale, shard), "type": 2, "data": data}


def press(user_id: int, on: Payload, custom_id: str, locale: str = "en-US") -> Payload:
    """INTERACTION_CREATE of a button of the message `on`."""
    data = {"custom_id": custom_id, "component_type": 2}
    return {**_interaction(user_id, locale), "type": 3, "data": data, "message": on}


def _interaction(user_id: int, locale: str, shard: int = 0) -> Payload:
    interaction_id = new_id()
    return {
        "id": str(interaction_id),
        "application_id": str(APPLICATION),
        "token": f"token-{interaction_id}",
        "version": 1,
        "guild_id": str(guild_of(shard)),
        "guild": {"id": str(guild_of(shard)), "locale": "en-US", "features": []},
        "channel_id": str(channel_of(shard)),
        "channel": channel(shard),
        "member": {
            "user": user(user_id),
            "roles": [],
            "joined_at": _WHEN,
            "deaf": False,
            "mute": False,
            "flags": 0,
            "permissions": _EVERYTHING,
        },
        "locale": locale,
        "guild_locale": "en-US",
        "app_permissions": _EVERYTHING,
        "entitlements": [],
        "authorizing_integration_owners": {"0": str(guild_of(shard))},
        "context": 0,
        "attachment_size_limit": 10_485_760,
    }
