"""Dynamic evaluation learns from what it has scored, from nothing else, and leaves no trace."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor

from model.config import ModelConfig
from model.corpus.dataset import EncodedSong, encode_songs
from model.errors import ConfigError, TrainingError
from model.evaluation.dynamic import (
    DynamicConfig,
    DynamicScorer,
    gradient_magnitudes,
    score_by_artist,
)
from model.evaluation.perplexity import score_songs
from model.network.lyric_model import LyricModel
from tests.factories import songs, tiny_checkpoint

SEGMENT = 8
CONFIG = DynamicConfig(learning_rate=0.5, decay=0.0, segment=SEGMENT)
CHECKPOINT = tiny_checkpoint()
MODEL = CHECKPOINT.model
ENCODED = encode_songs(songs(2), CHECKPOINT.artists, CHECKPOINT.tokenizer)
NETWORKS: dict[str, dict[str, Any]] = {
    "lstm with dropout": {"weight_dropout": 0.5, "output_dropout": 0.5, "input_dropout": 0.5},
    "no artist": {"conditioning": "none"},
    "artist as first state": {"conditioning": "initial-state"},
    "mogrifier with attention": {"cell": "mogrifier", "attention_window": 4, "layer_norm": True},
    "one-hot gru": {"cell": "gru", "features": "one-hot", "tied_output": False},
}


def model_of(name: str) -> LyricModel:
    torch.manual_seed(0)
    values = {"embedding_size": 12, "artist_size": 4, "hidden_size": 16, **NETWORKS[name]}
    size = CHECKPOINT.tokenizer.vocab_size
    return LyricModel(ModelConfig.from_dict({"vocab_size": size, "num_artists": 3, **values}))


def magnitudes_of(model: LyricModel) -> list[Tensor]:
    return gradient_magnitudes(model, [[song] for song in ENCODED], SEGMENT)


def nats(model: LyricModel, config: DynamicConfig, text: Sequence[EncodedSong]) -> list[float]:
    return [score.nats for score in DynamicScorer(model, config).score(text)]


def repetitive() -> EncodedSong:
    tokens = torch.cat([ENCODED[0].tokens[:10]] * 20)
    return EncodedSong(tokens, 0, num_characters=tokens.numel() - 1)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("is_normalised", [False, True])
def test_without_a_learning_rate_it_is_plain_scoring(name: str, is_normalised: bool) -> None:
    model = model_of(name)
    config = replace(CONFIG, learning_rate=0.0)
    magnitudes = magnitudes_of(model) if is_normalised else None
    dynamic = DynamicScorer(model, config, magnitudes).score(ENCODED)
    for one, other in zip(dynamic, score_songs(model, ENCODED), strict=True):
        assert one.nats == pytest.approx(other.nats, rel=1e-5)
        assert replace(one, nats=0.0) == replace(other, nats=0.0)


def test_with_a_full_decay_nothing_learnt_survives() -> None:
    static = [score.nats for score in score_songs(MODEL, ENCODED)]
    assert nats(MODEL, replace(CONFIG, decay=1.0), ENCODED) == pytest.approx(static, rel=1e-5)


@pytest.mark.parametrize("changed", [1, 3, 6])
def test_a_segment_is_scored_before_anything_of_it_is_learnt(changed: int) -> None:
    song = repetitive()
    tokens = song.tokens.clone()
    first = changed * SEGMENT + 1  # the first target of that segment
    tokens[first:] = tokens[first:].flip(0)
    one, other = (
        [segment.clone() for segment in DynamicScorer(MODEL, CONFIG).segments([each])]
        for each in (song, replace(song, tokens=tokens))
    )
    assert all(a.equal(b) for a, b in zip(one[:changed], other[:changed], strict=True))
    assert not one[changed].equal(other[changed])


@pytest.mark.parametrize("is_normalised", [False, True])
def test_what_repeats_itself_gets_cheaper(is_normalised: bool) -> None:
    magnitudes = magnitudes_of(MODEL) if is_normalised else None
    rate = 0.002 if is_normalised else 1.0
    config = replace(CONFIG, learning_rate=rate)
    (dynamic,) = DynamicScorer(MODEL, config, magnitudes).score([repetitive()])
    (static,) = score_songs(MODEL, [repetitive()])
    assert dynamic.nats < 0.9 * static.nats


def test_the_model_itself_is_never_touched() -> None:
    before = {name: value.clone() for name, value in MODEL.state_dict().items()}
    score_by_artist(MODEL, ENCODED, replace(CONFIG, learning_rate=1e-3), magnitudes_of(MODEL))
    assert all(value.equal(before[name]) for name, value in MODEL.state_dict().items())
    assert not MODEL.training
    assert all(parameter.grad is None for parameter in MODEL.parameters())


def test_after_a_reset_it_is_as_if_nothing_had_been_read() -> None:
    scorer = DynamicScorer(MODEL, CONFIG)
    first, again = scorer.score(ENCODED), scorer.score(ENCODED)
    scorer.reset()
    assert scorer.score(ENCODED) == first != again


def test_an_artist_begins_anew_and_learns_from_song_to_song() -> None:
    everything = score_by_artist(MODEL, ENCODED, CONFIG)
    for artist in range(3):
        rows = [index for index, song in enumerate(ENCODED) if song.artist == artist]
        alone = score_by_artist(MODEL, [ENCODED[row] for row in rows], CONFIG)
        assert [everything[row] for row in rows] == alone
        (fresh,) = DynamicScorer(MODEL, CONFIG).score([ENCODED[rows[1]]])
        assert everything[rows[0]] == DynamicScorer(MODEL, CONFIG).score([ENCODED[rows[0]]])[0]
        assert everything[rows[1]].nats < fresh.nats


def test_songs_side_by_side_share_what_they_learn() -> None:
    together = nats(MODEL, CONFIG, [repetitive(), ENCODED[0]])
    alone = nats(MODEL, CONFIG, [repetitive()])
    assert together[0] != pytest.approx(alone[0], rel=1e-4)


def test_a_scorer_tells_how_many_songs_are_done() -> None:
    heard: list[int] = []
    score_by_artist(MODEL, ENCODED, CONFIG, on_song=heard.append)
    assert heard == list(range(1, len(ENCODED) + 1))


def test_magnitudes_are_the_root_mean_square_of_each_gradient() -> None:
    song = replace(ENCODED[0], tokens=ENCODED[0].tokens[: 2 * SEGMENT + 1])
    one = replace(song, tokens=song.tokens[: SEGMENT + 1])
    twice = gradient_magnitudes(MODEL, [[one], [one]], SEGMENT)
    for a, b in zip(gradient_magnitudes(MODEL, [[one]], SEGMENT), twice, strict=True):
        torch.testing.assert_close(a, b)
        assert (a >= 0).all()
    assert any(each.sum() > 0 for each in twice)


def test_weights_that_diverge_are_named_as_such() -> None:
    with pytest.raises(TrainingError, match="try a lower one"):
        nats(MODEL, replace(CONFIG, learning_rate=1e30), ENCODED)


@pytest.mark.parametrize(
    ("name", "value"),
    [("learning_rate", -0.1), ("learning_rate", float("nan")), ("decay", 1.5), ("segment", 0)],
)
def test_an_impossible_setting_is_refused_by_name(name: str, value: float) -> None:
    with pytest.raises(ConfigError, match=name):
        replace(CONFIG, **{name: value})  # type: ignore[arg-type]
