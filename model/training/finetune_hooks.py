"""What happens beside the mathematics of a fine-tune."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from model.network.recurrent_model import RecurrentModel
from model.training.clock import Clock
from model.training.finetune_memory import FinetuneMemory
from model.training.progress import FinetuneProgress


@dataclass(frozen=True, slots=True)
class FinetuneHooks:
    """`step_aside` is called between any two batches, and may wait; each may raise to stop the run.

    `clock` gives the seconds that `max_minutes` bounds; `memory` is what an earlier life has left.
    """

    on_progress: Callable[[FinetuneProgress], None] = lambda progress: None
    step_aside: Callable[[], None] = lambda: None
    clock: Clock = field(default_factory=Clock)
    memory: FinetuneMemory = field(default_factory=FinetuneMemory)

    @contextmanager
    def between_batches_of(self, model: RecurrentModel[Any]) -> Iterator[None]:
        """Within, `step_aside` is called before `model` reads."""
        handle = model.register_forward_pre_hook(lambda *_: self.step_aside())
        try:
            yield
        finally:
            handle.remove()
