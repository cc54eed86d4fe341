"""What to compare with: the tutorials' nn.LSTM, one verse after another or a batch in step."""

import time
from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor, nn

from model.config import ModelConfig
from model.engine import GenerationRequest
from model.network.lyric_model import LyricModel

State = tuple[Tensor, Tensor]


class LSTMLoop:
    """A `LyricModel` by torch's own nn.LSTM, one token at a time at batch 1.

    Of a network that is more than an nn.LSTM it takes the sizes only, and weights of its own:
    `has_same_weights` is False, and the loop computes less than the engine.

    Each token is drawn by softmax and torch.multinomial over the vocabulary, without top-k, top-p,
    repetition penalty or masks: less work than the engine does for each of its tokens.
    """

    def __init__(self, model: LyricModel, newline_id: int) -> None:
        config = _plain(model.config)
        self.has_same_weights = config == model.config
        self.model = model if self.has_same_weights else _untrained(config, model)
        self._newline_id = newline_id
        self._lstm = nn.LSTM(
            config.embedding_size + config.artist_size,
            config.hidden_size,
            config.num_layers,
            batch_first=True,
            device=model.output_bias.device,
        ).eval()
        own = self.model.state_dict()
        weights = self._lstm.state_dict()
        for index in range(config.num_layers):
            weights[f"weight_ih_l{index}"] = own[f"layers.{index}.weight_ih"]
            weights[f"weight_hh_l{index}"] = own[f"layers.{index}.weight_hh"]
            weights[f"bias_ih_l{index}"] = own[f"layers.{index}.bias"]
            weights[f"bias_hh_l{index}"] = torch.zeros_like(own[f"layers.{index}.bias"])
        self._lstm.load_state_dict(weights)

    @torch.inference_mode()
    def logits(self, token: int, artist: Tensor, state: State | None) -> tuple[Tensor, State]:
        """(vocab_size,) after one more token, as `artist` (artist_features,)."""
        model, device = self.model, self.model.output_bias.device
        voice = artist.view(1, 1, -1)
        word = model.token_embedding(torch.tensor([[token]], device=device))
        output, state = self._lstm(torch.cat([word, voice], dim=-1), state)
        projected = model.projection(torch.cat([output, voice], dim=-1))
        logits = nn.functional.linear(projected, model.token_embedding.weight, model.output_bias)
        return logits[0, 0], state

    def tokens_per_s(self, requests: Sequence[GenerationRequest], max_tokens: int) -> float:
        """One verse after another, each cut at `max_tokens`: an untrained model ends no lines."""
        start = time.perf_counter()
        num_tokens = sum(self.write(replace(each, max_tokens=max_tokens)) for each in requests)
        return num_tokens / (time.perf_counter() - start)

    @torch.inference_mode()
    def batch_tokens_per_s(self, num_rows: int, num_steps: int = 20) -> float:
        """Tokens a second of `num_rows` rows that take each step together, and all for ever."""
        model, device = self.model, self.model.output_bias.device
        voices = model.artist_vectors(
            torch.arange(num_rows, device=device) % model.config.num_artists
        )
        tokens = torch.zeros(num_rows, dtype=torch.int64, device=device)
        state: State | None = None
        started = 0.0
        for step in range(-2, num_steps):  # two to warm up
            if step == 0:
                started = time.perf_counter()
            inputs = torch.cat([model.token_embedding(tokens), voices], dim=-1).unsqueeze(1)
            output, state = self._lstm(inputs, state)
            projected = model.projection(torch.cat([output[:, 0], voices], dim=-1))
            logits = nn.functional.linear(
                projected, model.token_embedding.weight, model.output_bias
            )
            tokens = torch.multinomial(torch.softmax(logits, dim=1), 1).squeeze(1)
        tokens.tolist()
        return num_rows * num_steps / (time.perf_counter() - started)

    @torch.inference_mode()
    def write(self, request: GenerationRequest) -> int:
        """One verse; returns how many tokens it took."""
        state: State | None = None
        artist = self.model.blend(request.artist_weights)
        for token in request.prompt[:-1]:
            _, state = self.logits(token, artist, state)
        token, num_lines, num_tokens = request.prompt[-1], 0, 0
        while num_lines < request.max_lines and num_tokens < request.max_tokens:
            logits, state = self.logits(token, artist, state)
            probabilities = torch.softmax(logits / request.sampling.temperature, dim=0)
            token = int(torch.multinomial(probabilities, 1).item())
            num_lines += token == self._newline_id
            num_tokens += 1
        return num_tokens


def _plain(config: ModelConfig) -> ModelConfig:
    """The same sizes with nothing but LSTM layers between tied embeddings, the artist beside."""
    return replace(
        config,
        cell="lstm",
        features="embedding",
        conditioning="concat",
        tied_output=True,
        layer_norm=False,
        residual=False,
        attention_window=0,
    )


def _untrained(config: ModelConfig, like: LyricModel) -> LyricModel:
    model = LyricModel(config).to(like.output_bias.device).eval()
    with torch.no_grad():
        model.output_bias.copy_(like.output_bias)  # lines of about the same length
    return model
