"""A transformer to compare with: GPT-2, as transformers writes with it.

Needs transformers, which the extra `peers` brings.
"""

import time
from typing import Any

import torch
from transformers import GPT2Config, GPT2LMHeadModel

SIZES: dict[str, Any] = {}
"""What differs from the 124 million weights of the smallest GPT-2."""
_NUM_TOKENS = 32
_PROMPT_LENGTH = 4


class GPT2:
    """Random weights, which cost as much as trained ones and need no download.

    `generate` keeps keys and values, and draws from the whole vocabulary (50,257 tokens of
    byte-level BPE) without top-k, top-p or a penalty: less than the engine does for each token.
    """

    def __init__(self, device: str) -> None:
        torch.manual_seed(0)
        self._model = GPT2LMHeadModel(GPT2Config(**SIZES)).to(device).eval()
        self._model.generation_config.eos_token_id = None  # every row takes as many tokens

    @property
    def num_weights(self) -> int:
        return sum(weights.numel() for weights in self._model.parameters())

    @torch.inference_mode()
    def tokens_per_s(self, batch_size: int) -> float:
        """Of all rows together, the reading of a short prompt included."""
        shape = (batch_size, _PROMPT_LENGTH)
        prompt = torch.ones(shape, dtype=torch.int64, device=self._model.device)
        start = time.perf_counter()
        written = self._model.generate(
            prompt,
            attention_mask=torch.ones_like(prompt),
            max_new_tokens=_NUM_TOKENS,
            do_sample=True,
            top_k=0,
        )
        num_tokens = written[:, _PROMPT_LENGTH:].numel()
        return float(num_tokens / (time.perf_counter() - start))
