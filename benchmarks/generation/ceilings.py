"""What the processor can do at most: matrix products by torch's own kernels, fp32 and int8."""

import time
import warnings
from collections.abc import Callable

import torch

_ROWS, _INPUTS, _OUTPUTS = 256, 1024, 2048
_SECONDS = 0.4


def fp32_gemm() -> float:
    """Products (multiply and add) a second."""
    left, right = torch.randn(_ROWS, _INPUTS), torch.randn(_INPUTS, _OUTPUTS)
    return _products_per_s(lambda: left @ right)


def int8_gemm() -> float:
    """Products a second of a quantised linear layer by fbgemm, weights packed beforehand."""
    engine = torch.backends.quantized.engine
    with warnings.catch_warnings():
        # torch means to move its quantisation elsewhere; the kernel is what is measured.
        warnings.simplefilter("ignore")
        try:
            torch.backends.quantized.engine = "fbgemm"
            weights = torch.quantize_per_tensor(
                torch.randn(_OUTPUTS, _INPUTS), 0.02, 0, torch.qint8
            )
            packed = torch.ops.quantized.linear_prepack(weights, None)
            rows = torch.quantize_per_tensor(torch.randn(_ROWS, _INPUTS), 0.05, 128, torch.quint8)
            return _products_per_s(lambda: torch.ops.quantized.linear(rows, packed, 0.1, 128))
        finally:
            torch.backends.quantized.engine = engine


def _products_per_s(product: Callable[[], object]) -> float:
    product()
    start, count = time.perf_counter(), 0
    while time.perf_counter() - start < _SECONDS:
        product()
        count += 1
    return count * _ROWS * _INPUTS * _OUTPUTS / (time.perf_counter() - start)
