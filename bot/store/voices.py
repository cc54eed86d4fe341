"""Voices: what the model calls an artist, so that two of one name in two servers stay two.

A shared artist's voice is the plain name, that of a server's own is "server:<number>/<name>".
People read names only; whatever somebody types is a name and never a voice.
"""

import re

_OF_A_SERVER = re.compile(r"server:([0-9]*)/(.+)", re.DOTALL)


def voice_of(name: str, guild_id: int | None) -> str:
    """Another one for every name and server, also where a name looks like a voice."""
    if guild_id is not None:
        return f"server:{guild_id}/{name}"
    return f"server:/{name}" if _OF_A_SERVER.fullmatch(name) else name


def split_voice(voice: str) -> tuple[str, int | None]:
    """The name, and the server whose own artist it is: None where all share the artist."""
    found = _OF_A_SERVER.fullmatch(voice)
    if found is None:
        return voice, None
    return found[2], int(found[1]) if found[1] else None


def name_of(voice: str) -> str:
    return split_voice(voice)[0]
