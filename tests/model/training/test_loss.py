"""The loss of a window: regularisers, and gradients that checkpointing leaves as they are."""

from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from model.config import CELLS, Cell, ModelConfig, TrainingConfig
from model.corpus.stream import NO_TARGET, Window
from model.network.lyric_model import LyricModel
from model.training.loss import Loss, window_loss

WINDOW = Window(
    torch.randint(0, 50, (3, 40), generator=torch.Generator().manual_seed(1)),
    torch.randint(0, 50, (3, 40), generator=torch.Generator().manual_seed(2)),
    torch.tensor([[0], [1], [0]]).expand(-1, 40),
    torch.tensor([False, False, False]),
)


def new_model(**choice: Any) -> LyricModel:
    torch.manual_seed(0)
    sizes: dict[str, Any] = {"embedding_size": 8, "artist_size": 4, "hidden_size": 16}
    return LyricModel(ModelConfig(vocab_size=50, num_artists=2, **sizes, **choice))


def loss_of(model: LyricModel, window: Window = WINDOW, **settings: Any) -> Loss:
    torch.manual_seed(3)
    state = model.initial_state(model.artist_vectors(window.artists[:, 0]))
    return window_loss(model, window, state, TrainingConfig(**settings))[0]


def gradients(model: LyricModel, **settings: Any) -> list[Tensor]:
    model.zero_grad()
    loss_of(model, **settings).total.backward()  # type: ignore[no-untyped-call]
    return [
        parameter.grad.clone() for parameter in model.parameters() if parameter.grad is not None
    ]


@pytest.mark.parametrize("cell", CELLS)
def test_gradient_checkpointing_changes_no_gradient(cell: Cell) -> None:
    model = new_model(cell=cell, attention_window=5, weight_dropout=0.3).train()
    settings = {"label_smoothing": 0.1, "activation_regularisation": 2.0}
    kept = gradients(model, **settings)
    again = gradients(model, gradient_checkpointing=True, **settings)
    for one, other in zip(kept, again, strict=True):
        torch.testing.assert_close(one, other)


def test_gradient_checkpointing_keeps_less_for_the_way_back() -> None:
    model = new_model(num_layers=3).train()

    def kept_bytes(**settings: Any) -> int:
        sizes: dict[int, int] = {}

        def pack(tensor: Tensor) -> Tensor:
            sizes[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
            return tensor

        with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
            loss_of(model, **settings)
        return sum(sizes.values())

    assert kept_bytes(gradient_checkpointing=True) < 0.6 * kept_bytes()


def test_without_regularisers_the_loss_is_the_cross_entropy() -> None:
    model = new_model().eval()
    loss = loss_of(model)
    state = model.initial_state(model.artist_vectors(WINDOW.artists[:, 0]))
    logits, _ = model(WINDOW.tokens, WINDOW.artists, state)
    expected = F.cross_entropy(logits.flatten(0, 1), WINDOW.targets.flatten())
    torch.testing.assert_close(loss.total, expected)
    torch.testing.assert_close(loss.cross_entropy, expected)


def test_label_smoothing_equals_torch_and_leaves_the_reported_loss_plain() -> None:
    model = new_model().eval()
    state = model.initial_state(model.artist_vectors(WINDOW.artists[:, 0]))
    logits, _ = model(WINDOW.tokens, WINDOW.artists, state)
    flat = logits.flatten(0, 1), WINDOW.targets.flatten()
    loss = loss_of(model, label_smoothing=0.2)
    torch.testing.assert_close(loss.total, F.cross_entropy(*flat, label_smoothing=0.2))
    torch.testing.assert_close(loss.cross_entropy, F.cross_entropy(*flat))


def test_positions_without_a_target_do_not_count() -> None:
    model = new_model().eval()
    filled = WINDOW.targets.clone()
    filled[:, 20:] = NO_TARGET
    window = Window(WINDOW.tokens, filled, WINDOW.artists, WINDOW.continues)
    head = Window(
        WINDOW.tokens[:, :20], WINDOW.targets[:, :20], WINDOW.artists[:, :20], WINDOW.continues
    )
    torch.testing.assert_close(
        loss_of(model, window, label_smoothing=0.1), loss_of(model, head, label_smoothing=0.1)
    )


@pytest.mark.parametrize("name", ["activation_regularisation", "temporal_regularisation"])
def test_regularisers_of_activations_add_to_the_total_only(name: str) -> None:
    model = new_model().eval()
    plain, regularised = loss_of(model), loss_of(model, WINDOW, **{name: 1.0})
    assert regularised.total > plain.total
    torch.testing.assert_close(regularised.cross_entropy, plain.cross_entropy)
