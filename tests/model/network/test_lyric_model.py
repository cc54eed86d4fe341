"""The model, for every choice: step and forward agree, rows are alone, artists are rows."""

import itertools
from typing import Any

import pytest
import torch

from model.config import CELLS, CONDITIONINGS, FEATURES, Conditioning, ModelConfig
from model.errors import ConfigError
from model.network.lyric_model import LyricModel

CHOICES: list[dict[str, Any]] = [
    *({"cell": cell, "features": features, "tied_output": False}
      for cell, features in itertools.product(CELLS, FEATURES)),
    *({"conditioning": conditioning} for conditioning in CONDITIONINGS),
    *({"cell": cell, "conditioning": "initial-state"} for cell in CELLS),
    *({"attention_window": window} for window in (2, 4, 40)),
    {"layer_norm": True},
    {"residual": True},
    {"layer_norm": True, "residual": True, "num_layers": 3},
    {"num_layers": 1},
    {"cell": "gru", "attention_window": 4, "conditioning": "film", "layer_norm": True},
]  # fmt: skip
NAMES = ["-".join(f"{key}={value}" for key, value in choice.items()) for choice in CHOICES]
each_choice = pytest.mark.parametrize("choice", CHOICES, ids=NAMES)


def new_model(**choice: Any) -> LyricModel:
    torch.manual_seed(2)
    sizes: dict[str, Any] = {"embedding_size": 8, "artist_size": 4, "hidden_size": 12}
    return LyricModel(ModelConfig(vocab_size=40, num_artists=4, **sizes, **choice)).eval()


@each_choice
def test_repeated_step_equals_forward(choice: dict[str, Any]) -> None:
    model = new_model(**choice)
    tokens, artists = torch.randint(0, 40, (3, 11)), torch.tensor([0, 3, 1])
    vectors = model.artist_vectors(artists)
    state = model.initial_state(vectors)
    logits, last = model(tokens, artists[:, None].expand(-1, 11), state)
    for position in range(11):
        step_logits, state = model.step(tokens[:, position], vectors, state)
        torch.testing.assert_close(step_logits, logits[:, position])
    torch.testing.assert_close(state, last)


@each_choice
def test_a_sequence_in_two_windows_equals_the_whole(choice: dict[str, Any]) -> None:
    model = new_model(**choice)
    tokens, artists = torch.randint(0, 40, (3, 9)), torch.randint(0, 4, (3, 1)).expand(-1, 9)
    state = model.initial_state(model.artist_vectors(artists[:, 0]))
    whole, _ = model(tokens, artists, state)
    first, state = model(tokens[:, :4], artists[:, :4], state)
    second, _ = model(tokens[:, 4:], artists[:, 4:], state)
    torch.testing.assert_close(torch.cat([first, second], 1), whole)


@each_choice
def test_a_row_in_a_batch_equals_the_row_alone(choice: dict[str, Any]) -> None:
    model = new_model(**choice)
    tokens, artists = torch.randint(0, 40, (5, 6)), torch.randint(0, 4, (5, 6))
    state = model.initial_state(model.artist_vectors(artists[:, 0]))
    together, _ = model(tokens, artists, state)
    alone, _ = model(tokens[2:3], artists[2:3], state.rows(slice(2, 3)))
    torch.testing.assert_close(together[2:3], alone)


@each_choice
def test_every_parameter_learns(choice: dict[str, Any]) -> None:
    model = new_model(**choice).train()
    tokens, artists = torch.arange(40).view(4, 10), torch.arange(4)[:, None].expand(-1, 10)
    logits, _ = model(tokens, artists, model.initial_state(model.artist_vectors(artists[:, 0])))
    logits.square().sum().backward()
    still = [
        name
        for name, parameter in model.named_parameters()
        if parameter.numel() and (parameter.grad is None or not parameter.grad.any())
    ]
    assert not still


@pytest.mark.parametrize("conditioning", CONDITIONINGS)
def test_the_artist_changes_what_comes_next_where_it_is_told(conditioning: Conditioning) -> None:
    model = new_model(conditioning=conditioning)
    vectors = model.artist_vectors(torch.tensor([0, 1]))
    tokens = torch.zeros(2, dtype=torch.int64)
    logits, _ = model.step(tokens, vectors, model.initial_state(vectors))
    assert torch.allclose(logits[0], logits[1]) == (conditioning == "none")


def test_a_blend_is_the_weighted_mean() -> None:
    model = new_model()
    rows = model.artist_embedding.weight
    torch.testing.assert_close(model.blend({2: 1.0}), rows[2])
    torch.testing.assert_close(model.blend({0: 3.0, 1: 1.0}), 0.75 * rows[0] + 0.25 * rows[1])


@pytest.mark.parametrize("window", [1, 3])
def test_attention_sees_the_window_and_nothing_before_it(window: int) -> None:
    model = new_model(attention_window=window)
    state = model.initial_state(model.artist_vectors(torch.tensor([0])))
    memory = torch.randn(window, 1, 12)
    tokens, vectors = torch.tensor([5]), model.artist_vectors(torch.tensor([0]))
    logits, after = model.step(tokens, vectors, state._replace(memory=memory))
    changed, _ = model.step(tokens, vectors, state._replace(memory=memory + 1))
    assert not torch.allclose(logits, changed)
    assert after.memory.shape == memory.shape
    torch.testing.assert_close(after.memory[:-1], memory[1:])


@pytest.mark.parametrize("conditioning", CONDITIONINGS)
def test_new_artists_leave_the_others_as_they_were(conditioning: Conditioning) -> None:
    model = new_model(conditioning=conditioning)
    grown = model.with_artists(torch.zeros(2, model.config.artist_features))
    tokens, artists = torch.randint(0, 40, (4,)), torch.arange(4)
    before, after = (
        each.step(tokens, vectors, each.initial_state(vectors))[0]
        for each, vectors in ((one, one.artist_vectors(artists)) for one in (model, grown))
    )
    assert torch.equal(before, after)
    assert (grown.config.num_artists, model.config.num_artists) == (6, 4)


@pytest.mark.parametrize(
    "rate", ["embedding_dropout", "input_dropout", "hidden_dropout", "output_dropout"]
)
def test_each_dropout_acts_in_training_only(rate: str) -> None:
    others = {"input_dropout": 0, "hidden_dropout": 0, "output_dropout": 0, "weight_dropout": 0}
    model = new_model(**{**others, rate: 0.5}).train()
    tokens, artists = torch.randint(0, 40, (2, 5)), torch.zeros(2, 5, dtype=torch.int64)
    state = model.initial_state(model.artist_vectors(artists[:, 0]))
    assert not torch.equal(model(tokens, artists, state)[0], model(tokens, artists, state)[0])
    model.eval()
    assert torch.equal(model(tokens, artists, state)[0], model(tokens, artists, state)[0])


def test_one_hot_features_cannot_be_tied() -> None:
    with pytest.raises(ConfigError, match="tied_output"):
        new_model(features="one-hot")


@pytest.mark.parametrize(
    ("setting", "value"),
    [("cell", "elman"), ("features", "bits"), ("conditioning", "hope"), ("unit", "syllable")],
)
def test_an_unknown_choice_is_told_with_those_there_are(setting: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"{setting} must be one of .*, not '{value}'"):
        new_model(**{setting: value})
