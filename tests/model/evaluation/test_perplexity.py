"""Bits per character are those of the songs alone, whatever shares their batch."""

import math
from dataclasses import replace

import pytest
import torch
from torch.nn import functional as F

from model.corpus.dataset import encode_song, encode_songs
from model.corpus.song import Song
from model.corpus.tokenizer import Tokenizer
from model.evaluation.perplexity import NO_SCORE, Score, score_songs, total_score
from tests.factories import songs, tiny_checkpoint

CHECKPOINT = tiny_checkpoint()
ENCODED = encode_songs(songs(2), CHECKPOINT.artists, CHECKPOINT.tokenizer)


def test_a_score_equals_the_cross_entropy_of_its_tokens() -> None:
    song, model = ENCODED[0], CHECKPOINT.model
    tokens = song.tokens[None]
    artists = torch.full_like(tokens, song.artist)
    with torch.inference_mode():
        state = model.initial_state(model.artist_vectors(artists[:, 0]))
        logits, _ = model(tokens[:, :-1], artists[:, :-1], state)
        expected = F.cross_entropy(logits[0], tokens[0, 1:], reduction="sum").item()
    score = score_songs(model, [song])[0]
    assert score.nats == pytest.approx(expected, rel=1e-5)
    assert score.bits_per_character == pytest.approx(expected / math.log(2) / song.num_characters)


def test_a_song_scores_the_same_alone_and_in_a_batch() -> None:
    together = score_songs(CHECKPOINT.model, ENCODED, batch_size=4)
    alone = [score_songs(CHECKPOINT.model, [song])[0] for song in ENCODED]
    for one, other in zip(together, alone, strict=True):
        assert one.nats == pytest.approx(other.nats, rel=1e-5)


def test_the_total_is_the_sum() -> None:
    scores = score_songs(CHECKPOINT.model, ENCODED)
    assert total_score(CHECKPOINT.model, ENCODED).nats == pytest.approx(sum(s.nats for s in scores))


def test_scoring_leaves_the_model_in_the_mode_it_was_in() -> None:
    model = CHECKPOINT.model.train()
    score_songs(model, ENCODED[:1])
    assert model.training
    model.eval()


def test_a_uniform_model_over_two_tokens_pays_one_bit_a_token() -> None:
    assert Score(8 * math.log(2), 8, 8).bits_per_character == pytest.approx(1.0)
    assert Score(8 * math.log(2), 4, 8).perplexity == pytest.approx(2.0)
    assert NO_SCORE.bits_per_character == 0


def test_characters_in_unknown_tokens_cost_as_if_each_were_equally_likely() -> None:
    # Two tokens at one bit each; one of them hides 3 of 4 characters of an alphabet of 16.
    tokenizer = Tokenizer.train(["abcdefghijklmno\n"], 5, "word")
    song = encode_song(Song("A", "T", "xyz\n", "en"), 0, tokenizer)
    score = Score(2 * math.log(2), song.num_characters, 2, song.spelling_nats)
    assert score.bits_per_character == pytest.approx((2 + 3 * 4) / 4)
    assert score.perplexity == pytest.approx(2.0)  # per token, and the unknown is one
    assert (score + score).bits_per_character == pytest.approx(score.bits_per_character)


def test_scoring_songs_adds_what_their_unknown_characters_cost() -> None:
    costly = [replace(song, num_unknown=3, spelling_nats=3 * math.log(50)) for song in ENCODED]
    plain, paid = (total_score(CHECKPOINT.model, songs) for songs in (ENCODED, costly))
    extra_nats = len(ENCODED) * 3 * math.log(50)
    assert paid.nats == pytest.approx(plain.nats)
    assert paid.bits_per_character - plain.bits_per_character == pytest.approx(
        extra_nats / math.log(2) / plain.num_characters, rel=1e-4
    )
