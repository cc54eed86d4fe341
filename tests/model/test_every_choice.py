"""Every choice trains, is saved, loads, and is served by the engine as the network itself says."""

import itertools
from pathlib import Path
from typing import Any

import pytest
import torch

from model.checkpoint import Checkpoint, load_checkpoint
from model.config import CELLS, CONDITIONINGS, FEATURES, UNITS, ModelConfig, TrainingConfig
from model.corpus.split import Splits
from model.engine import Engine, GenerationRequest
from model.sampling import STRATEGIES, SamplingParameters
from model.training.pretrain import pretrain
from model.verse import build_engine, build_request, read_verse
from tests.factories import songs

NUM_TOKENS = 20
GREEDY = SamplingParameters(temperature=0.0, repetition_penalty=1.0)

NETWORKS: list[dict[str, Any]] = [
    *({"cell": cell, "features": features, "tied_output": features == "embedding"}
      for cell, features in itertools.product(CELLS, FEATURES)),
    {"tied_output": False},
    *({"unit": unit} for unit in UNITS),
    *({"unit": unit, "features": "one-hot", "tied_output": False} for unit in UNITS),
    *({"conditioning": conditioning} for conditioning in CONDITIONINGS),
    {"attention_window": 6},
    {"attention_window": 6, "cell": "gru", "conditioning": "initial-state", "unit": "character"},
    {"num_layers": 1},
    {"num_layers": 3, "layer_norm": True, "residual": True},
    {"embedding_dropout": 0.2, "input_dropout": 0.3, "weight_dropout": 0.4},
]  # fmt: skip
TRAININGS: list[dict[str, Any]] = [
    {"label_smoothing": 0.1},
    {"activation_regularisation": 2.0, "temporal_regularisation": 1.0},
    {"average_decay": 0.9},
    {"gradient_checkpointing": True},
    {"hold_fraction": 0.5},
]


def named(choices: list[dict[str, Any]]) -> list[str]:
    return ["-".join(f"{name}={value}" for name, value in choice.items()) for choice in choices]


def train(folder: Path, network: dict[str, Any], training: dict[str, Any]) -> Checkpoint:
    sizes = {"embedding_size": 16, "artist_size": 4, "hidden_size": 24}
    learn, held_out = songs()[3:], songs()[:3]
    pretrain(
        Splits(learn, held_out, []),
        folder,
        ModelConfig(**{"vocab_size": 300, "num_artists": 3, **sizes, **network}),
        TrainingConfig(
            batch_size=4, window=16, learning_rate=0.01, max_updates=12, max_epochs=99, **training
        ),
    )
    return load_checkpoint(folder / "best")


def greedy_tokens(checkpoint: Checkpoint, prompt: tuple[int, ...], artist: int) -> tuple[int, ...]:
    """`NUM_TOKENS` by the network alone, without an engine; at most one blank line in a row."""
    model, tokenizer = checkpoint.model, checkpoint.tokenizer
    vectors = model.artist_vectors(torch.tensor([artist]))
    state, tokens = model.initial_state(vectors), list(prompt)
    for position in range(len(prompt) + NUM_TOKENS - 1):
        logits, state = model.step(torch.tensor([tokens[position]]), vectors, state)
        logits[:, [tokenizer.eos_id, *tokenizer.never_ids]] = -torch.inf
        if tokens[-2:] == [tokenizer.newline_id] * 2:
            logits[:, tokenizer.newline_id] = -torch.inf
        if position >= len(prompt) - 1:
            tokens.append(int(logits.argmax()))
    return tuple(tokens[len(prompt) :])


def served(engine: Engine) -> tuple[int, ...]:
    finished = []
    while engine.has_work:
        finished += engine.step()
    return finished[0].tokens


@pytest.mark.parametrize("network", NETWORKS, ids=named(NETWORKS))
def test_every_network_trains_is_kept_and_is_served(
    network: dict[str, Any], tmp_path: Path
) -> None:
    checkpoint = train(tmp_path, network, {})
    for name, value in network.items():
        assert getattr(checkpoint.model.config, name) == value
    tokenizer = checkpoint.tokenizer
    prompt = (tokenizer.bos_id, *tokenizer.encode("up on"))
    engine = build_engine(checkpoint, num_slots=4, precision="fp32")
    engine.add(
        GenerationRequest(
            prompt=prompt,
            artist=1,
            sampling=GREEDY,
            rng_seed=0,
            max_lines=NUM_TOKENS,
            max_tokens=NUM_TOKENS,
        )
    )
    with torch.inference_mode():
        expected = greedy_tokens(checkpoint, prompt, 1)
    assert served(engine) == expected


@pytest.mark.parametrize("training", TRAININGS, ids=named(TRAININGS))
def test_every_way_of_training_trains(training: dict[str, Any], tmp_path: Path) -> None:
    checkpoint = train(tmp_path, {}, training)
    assert checkpoint.figures["validation_bits_per_character"] < 8


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    return train(tmp_path_factory.mktemp("run"), {"unit": "character", "attention_window": 4}, {})


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_strategy_writes_a_verse(strategy: str, checkpoint: Checkpoint) -> None:
    engine = build_engine(checkpoint, num_slots=4)
    request = build_request(
        checkpoint.tokenizer,
        seed="up on",
        artist=1,
        lines=2,
        sampling=STRATEGIES[strategy],
        rng_seed=5,
    )
    engine.add(request)
    assert read_verse(checkpoint.tokenizer, "up on", served(engine)).startswith("up on")
