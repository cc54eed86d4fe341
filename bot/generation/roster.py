"""Whom a checkpoint knows, as each server sees them: its own artists, then those that all share."""

from bot.generation.artists import ArtistIndex, key_of
from bot.generation.removed import RemovedArtists
from bot.store import split_voice

_MAX_KEPT = 64  # servers with artists of their own whose index stays at hand


class VisibleArtists:
    """By their plain names, of which each stands for one voice; without those removed there."""

    def __init__(
        self, voices: dict[str, str], guild_id: int | None, removed: RemovedArtists
    ) -> None:
        self._guild_id, self._removed = guild_id, removed
        voices = {name: voice for name, voice in voices.items() if (name, guild_id) not in removed}
        self._voices = voices
        self._index = ArtistIndex(tuple(voices))

    @property
    def names(self) -> tuple[str, ...]:
        return self._index.names

    def resolve(self, name: str) -> str:
        """The voice of the artist of that name.

        Raises UnknownArtist with the nearest names, or RemovedArtist.
        """
        self._removed.require_allowed(name, self._guild_id)
        return self._voices[self._index.resolve(name)]

    def search(self, text: str, limit: int) -> list[str]:
        return self._index.search(text, limit)


class Roster:
    """Built with the checkpoint; for one event loop. A server's index is built when it is asked
    for, some milliseconds with a thousand names.
    """

    def __init__(self, voices: tuple[str, ...], removed: RemovedArtists | None = None) -> None:
        self.voices = voices
        self._removed = removed or RemovedArtists()
        self._by_artist: dict[tuple[str, int | None], str] = {}
        self._names: dict[int | None, dict[str, str]] = {None: {}}
        for voice in voices:
            name, guild_id = split_voice(voice)
            self._by_artist.setdefault((key_of(name), guild_id), voice)
            self._names.setdefault(guild_id, {})[name] = voice
        self._shared = VisibleArtists(self._names[None], None, self._removed)
        self._kept: dict[int, VisibleArtists] = {}  # the oldest first

    def remove(self, removed: RemovedArtists) -> None:
        """From now on these are hidden, and no others."""
        self._removed = removed
        self._shared = VisibleArtists(self._names[None], None, removed)
        self._kept.clear()

    def seen_from(self, guild_id: int | None) -> VisibleArtists:
        is_special = guild_id in self._names or self._removed.concerns(guild_id)
        if guild_id is None or not is_special:
            return self._shared
        if guild_id not in self._kept:
            if len(self._kept) >= _MAX_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[guild_id] = self._visible(guild_id)
        return self._kept[guild_id]

    def find(self, voice: str) -> str | None:
        """The voice as the checkpoint spells it."""
        name, guild_id = split_voice(voice)
        return self._by_artist.get((key_of(name), guild_id))

    def require(self, voice: str) -> str:
        """Raises UnknownArtist, by name."""
        found = self.find(voice)
        if found is None:
            name, guild_id = split_voice(voice)
            return self.seen_from(guild_id).resolve(name)
        return found

    def resolve_voice(self, voice: str, guild_id: int | None) -> str:
        """Exactly this one where the server may hear it, else the artist of that name.

        Raises UnknownArtist or RemovedArtist.
        """
        name, _ = split_voice(voice)
        self._removed.require_allowed(name, guild_id)
        found = self.find(voice) if self.is_visible(voice, guild_id) else None
        return found or self.seen_from(guild_id).resolve(name)

    def is_visible(self, voice: str, guild_id: int | None) -> bool:
        return split_voice(voice)[1] in {None, guild_id}

    def _visible(self, guild_id: int) -> VisibleArtists:
        """A server's own artist stands before a shared one of the same name."""
        own = self._names.get(guild_id, {})
        keys = {key_of(name) for name in own}
        shared = {
            name: voice for name, voice in self._names[None].items() if key_of(name) not in keys
        }
        return VisibleArtists({**own, **shared}, guild_id, self._removed)
