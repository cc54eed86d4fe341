"""Songs as token ids, and which of them are held out."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from model.corpus.song import Song
from model.corpus.split import split_of
from model.corpus.tokenizer import Tokenizer
from model.errors import CorpusError


@dataclass(frozen=True, slots=True, eq=False)
class EncodedSong:
    """A song for the network: int64 `tokens` with the marks of start and end, `artist` a row.

    Of a piece of music they are frames (time, frame_width), int8; its frames are what counts as
    characters, and its style is the artist. `num_unknown` of its characters are hidden in unknown
    tokens; to spell them takes `spelling_nats` beside what the network pays for its tokens.
    """

    tokens: Tensor
    artist: int
    num_characters: int
    num_unknown: int = 0
    spelling_nats: float = 0.0


def encode_song(song: Song, artist: int, tokenizer: Tokenizer) -> EncodedSong:
    """Encode one song of the artist with row index `artist`."""
    tokens = [tokenizer.bos_id, *tokenizer.encode(song.text), tokenizer.eos_id]
    has_unknown = tokenizer.unk_id in tokens
    num_unknown = tokenizer.num_unknown_characters(song.text) if has_unknown else 0
    spelling_nats = num_unknown * math.log(tokenizer.alphabet_size)
    return EncodedSong(torch.tensor(tokens), artist, len(song.text), num_unknown, spelling_nats)


def encode_songs(
    songs: Iterable[Song], artists: Sequence[str], tokenizer: Tokenizer
) -> list[EncodedSong]:
    """Encode songs; raises CorpusError for an artist that is not among `artists`."""
    rows = {name: row for row, name in enumerate(artists)}
    encoded = []
    for song in songs:
        if song.artist not in rows:
            raise CorpusError(
                f"The checkpoint does not know {song.artist!r}; fine-tune it on that artist first."
            )
        encoded.append(encode_song(song, rows[song.artist], tokenizer))
    return encoded


def select_split(songs: Iterable[Song], split: str) -> list[Song]:
    """The songs of one split: "train", "validation", "test" or "all"."""
    return [song for song in songs if split in ("all", split_of(song.artist, song.title))]
