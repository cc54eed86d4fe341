"""Songs as the network gets them: with their marks, their artist and their split."""

import pytest

from model.corpus.dataset import encode_songs, select_split
from model.corpus.split import split_of
from model.errors import CorpusError
from tests.factories import songs, tiny_checkpoint

CHECKPOINT = tiny_checkpoint()
ENCODED = encode_songs(songs(), CHECKPOINT.artists, CHECKPOINT.tokenizer)


def test_a_song_carries_its_marks_its_artist_and_its_length() -> None:
    song, encoded = songs()[1], ENCODED[1]
    assert encoded.tokens[0] == CHECKPOINT.tokenizer.bos_id
    assert encoded.tokens[-1] == CHECKPOINT.tokenizer.eos_id
    assert CHECKPOINT.artists[encoded.artist] == song.artist
    assert encoded.num_characters == len(song.text)


def test_an_artist_unknown_to_the_checkpoint_is_named() -> None:
    with pytest.raises(CorpusError, match="夜雨"):
        encode_songs(songs(), ("Mara Quill", "Roof Fox"), CHECKPOINT.tokenizer)


def test_the_splits_part_the_songs() -> None:
    parts = [select_split(songs(), split) for split in ("train", "validation", "test")]
    assert sum(len(part) for part in parts) == len(songs())
    assert all(split_of(song.artist, song.title) == "train" for song in parts[0])
    assert select_split(songs(), "all") == songs()
