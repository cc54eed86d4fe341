"""Voices alike: one under any spelling, and whose voice a server's own artist begins with."""

from collections.abc import Iterable

from bot.store import fold_name, split_voice
from model.corpus.song import Song


def identity(voice: str) -> tuple[str, int | None]:
    """The same for all spellings of the name in one server."""
    name, guild_id = split_voice(voice)
    return fold_name(name), guild_id


def kin_of(songs: Iterable[Song], known: Iterable[str]) -> dict[str, str]:
    """Voices that are new, each with the known one of the same name that all servers share."""
    known = tuple(known)
    shared = {
        fold_name(name): voice
        for voice, (name, guild_id) in ((each, split_voice(each)) for each in known)
        if guild_id is None
    }
    kin = {}
    for voice in dict.fromkeys(song.artist for song in songs):
        name, guild_id = split_voice(voice)
        model = shared.get(fold_name(name))
        if voice not in known and guild_id is not None and model is not None:
            kin[voice] = model
    return kin
