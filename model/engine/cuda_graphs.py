"""Work for a CUDA device that is recorded once and launched as a whole ever after."""

from collections.abc import Callable
from typing import Protocol

import torch
from torch import Tensor

Work = Callable[[], None]

_WARM_UPS = 3


class Graphs(Protocol):
    """What a `GraphRunner` wants of a device."""

    @property
    def name(self) -> str:
        """For people, such as "CUDA graphs"."""

    def capture(self, work: Work) -> Work:
        """What does the same as `work` on the same tensors; `work` may run before this returns.

        Raises RuntimeError when `work` cannot be captured.
        """

    def host_buffer(self, *shape: int) -> Tensor:
        """int64 memory on the host that `fetch` copies to."""

    def fetch(self, source: Tensor, target: Tensor) -> None:
        """Copy to a host buffer what `source` holds after all work so far, and wait for that."""


class CudaGraphs:
    """Graphs of one device, replayed one after another in any order, on the current stream.

    They share a pool of memory for what is made and forgotten within one of them; PyTorch allows
    that where no graph reads what another has left there, and none run at the same time. So `work`
    must leave its results in tensors made before.
    """

    name = "CUDA graphs"

    def __init__(self, device: torch.device) -> None:
        self._device = device
        with torch.cuda.device(device):
            self._pool = torch.cuda.graph_pool_handle()
            self._stream = torch.cuda.Stream()  # type: ignore[no-untyped-call]
            self._copied = torch.cuda.Event()  # type: ignore[no-untyped-call]

    def capture(self, work: Work) -> Work:
        """Runs `work` a few times beside the capture: libraries set themselves up when first
        called, which no graph can hold.
        """
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.device(self._device):
            current = torch.cuda.current_stream()
            self._stream.wait_stream(current)
            with torch.cuda.stream(self._stream):
                for _ in range(_WARM_UPS):
                    work()
            current.wait_stream(self._stream)
            # Another thread may load a checkpoint to the device meanwhile, which is no fault.
            with torch.cuda.graph(
                graph, pool=self._pool, stream=self._stream, capture_error_mode="thread_local"
            ):
                work()
        return graph.replay

    def host_buffer(self, *shape: int) -> Tensor:
        """Pinned, or a copy would pass through memory of the driver and wait there."""
        return torch.zeros(*shape, dtype=torch.int64, pin_memory=True)

    def fetch(self, source: Tensor, target: Tensor) -> None:
        target.copy_(source, non_blocking=True)
        self._copied.record(torch.cuda.current_stream(self._device))
        self._copied.synchronize()
