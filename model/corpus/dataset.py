"""Songs as token ids, and the stream of windows that truncated backpropagation reads."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from model.corpus.song import Song
from model.corpus.split import split_of
from model.corpus.tokenizer import Tokenizer
from model.errors import CorpusError


@dataclass(frozen=True, slots=True, eq=False)
class EncodedSong:
    """A song for the network: int64 `tokens` with the marks of start and end, `artist` a row."""

    tokens: Tensor
    artist: int
    num_characters: int


@dataclass(frozen=True, slots=True)
class Window:
    """One training step's worth of a stream: tokens, targets and artists, each (batch, time).

    `continues` (batch,) is False where the row begins a song and the carried state must go.
    """

    tokens: Tensor
    targets: Tensor
    artists: Tensor
    continues: Tensor


def encode_song(song: Song, artist: int, tokenizer: Tokenizer) -> EncodedSong:
    """Encode one song of the artist with row index `artist`."""
    tokens = [tokenizer.bos_id, *tokenizer.encode(song.text), tokenizer.eos_id]
    return EncodedSong(torch.tensor(tokens), artist, len(song.text))


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


class SongStream:
    """Songs in a new order each epoch, end to end in `batch_size` rows, cut into windows."""

    def __init__(
        self, songs: Sequence[EncodedSong], batch_size: int, window: int, seed: int = 0
    ) -> None:
        self._songs = songs
        self._batch_size = batch_size
        self._window = window
        self._seed = seed
        self._num_tokens = sum(song.tokens.numel() for song in songs)
        if self._num_tokens <= batch_size * 2:
            raise CorpusError(
                f"{self._num_tokens} tokens are too few for a batch of {batch_size} rows; "
                "add songs or use a smaller batch."
            )

    @property
    def num_windows(self) -> int:
        """Training steps in one epoch."""
        return -(-(self._num_tokens // self._batch_size - 1) // self._window)

    def epoch(self, number: int, first_window: int = 0) -> Iterator[Window]:
        """The windows of epoch `number`, the same each time it is asked, from `first_window` on."""
        generator = torch.Generator().manual_seed(self._seed * 100_003 + number)
        order = torch.randperm(len(self._songs), generator=generator).tolist()
        tokens = torch.cat([self._songs[index].tokens for index in order])
        artists = torch.cat(
            [torch.full_like(self._songs[i].tokens, self._songs[i].artist) for i in order]
        )
        length = tokens.numel() // self._batch_size
        rows = tokens[: length * self._batch_size].view(self._batch_size, length)
        artist_rows = artists[: length * self._batch_size].view(self._batch_size, length)
        song_start = self._songs[0].tokens[0]
        for start in range(first_window * self._window, length - 1, self._window):
            end = min(start + self._window, length - 1)
            first = rows[:, start]
            yield Window(
                rows[:, start:end],
                rows[:, start + 1 : end + 1],
                artist_rows[:, start:end],
                first != song_start,
            )
