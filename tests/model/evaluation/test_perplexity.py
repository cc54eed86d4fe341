"""Bits per character are those of the songs alone, whatever shares their batch."""

import math

import pytest
import torch
from torch.nn import functional as F

from model.corpus.dataset import encode_songs
from model.evaluation.perplexity import NO_SCORE, Score, score_songs, total_score
from tests.factories import songs, tiny_checkpoint

CHECKPOINT = tiny_checkpoint()
ENCODED = encode_songs(songs(2), CHECKPOINT.artists, CHECKPOINT.tokenizer)


def test_a_score_equals_the_cross_entropy_of_its_tokens() -> None:
    song, model = ENCODED[0], CHECKPOINT.model
    tokens = song.tokens[None]
    artists = torch.full_like(tokens, song.artist)
    with torch.inference_mode():
        logits, _ = model(tokens[:, :-1], artists[:, :-1], model.initial_state(1))
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
