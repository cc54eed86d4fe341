"""The step can be given to a device as a whole: it looks at no value, and waits for nothing."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from model.engine.token_runner import Marks
from model.engine.token_slots import TokenSlots
from model.engine.torch_step import TorchStep
from tests.model.engine.helpers import BLANK, EOS, NEWLINE, small_model
from tests.model.engine.test_every_model import NETWORKS

MARKS = Marks(NEWLINE, (BLANK,), (EOS,))
LOOKS = ("_local_scalar_dense", "item", "is_nonzero", "nonzero", "masked_select", "equal", "unique")

looks_at_values: list[Callable[[Tensor], object]] = [
    lambda values: bool((values > 0).any()),
    lambda values: values[values > 0],
    lambda values: values.nonzero(),
    lambda values: float(values[0]),
]


class NoLooking(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Fails at any operation for which the host would have to know a value."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = func.overloadpacket.__name__
        assert not any(name == look or name.startswith(f"{look}_") for look in LOOKS), func
        if name == "index":
            assert all(index is None or index.dtype != torch.bool for index in args[1]), func
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize("look", looks_at_values)
def test_the_tests_below_would_notice(look: Callable[[Tensor], object]) -> None:
    with pytest.raises(AssertionError), NoLooking():
        look(torch.ones(3))
    with pytest.raises((RuntimeError, NotImplementedError)):
        look(torch.ones(3, device="meta"))


@pytest.mark.parametrize("is_plain", [True, False])
@pytest.mark.parametrize("network", [name for name in NETWORKS if name != "one-hot"])
def test_the_step_looks_at_no_value(network: str, is_plain: bool) -> None:
    """One-hot features look on a processor, to check their tokens, and on no other device."""
    model = small_model(**NETWORKS[network])
    with torch.no_grad():
        slots = TokenSlots.reserve(model, 8, 64)
        step = TorchStep(model, MARKS, 64)
        with NoLooking():
            outcome = step(slots.head(4), is_plain=is_plain)
    assert slots.position.tolist() == [1] * 4 + [0] * 4
    assert outcome.codes.tolist() == [1] * 4  # empty rows have all of their no lines


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16])
@pytest.mark.parametrize("is_plain", [True, False])
@pytest.mark.parametrize("network", NETWORKS)
def test_the_step_needs_nothing_but_the_device_on_which_the_model_is(
    network: str, is_plain: bool, dtype: torch.dtype
) -> None:
    """On a device that holds no values at all, whatever is looked at fails, or comes from here."""
    model = small_model(**NETWORKS[network]).with_layers_in(dtype).to("meta")
    with torch.no_grad():
        slots = TokenSlots.reserve(model, 8, 64)
        outcome = TorchStep(model, MARKS, 64)(slots.head(4), is_plain=is_plain)
    assert {values.device.type for values in outcome} == {"meta"}
    assert {tuple(values.shape) for values in outcome} == {(4,)}


def test_a_step_writes_where_it_has_read() -> None:
    model = small_model()
    with torch.no_grad():
        slots = TokenSlots.reserve(model, 8, 64)
        before = [values.data_ptr() for values in (*slots.state, *slots[2:])]
        TorchStep(model, MARKS, 64)(slots.head(4), is_plain=True)
    assert [values.data_ptr() for values in (*slots.state, *slots[2:])] == before
    assert slots.state.hidden[:, :4].abs().sum() > 0
    assert slots.state.hidden[:, 4:].abs().sum() == 0
