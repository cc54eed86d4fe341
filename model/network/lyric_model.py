"""The language model: tokens and an artist in, recurrent layers, the next token's logits out."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.config import ModelConfig
from model.corpus.stream import NO_TARGET
from model.network.dropout import TokenDropout
from model.network.recurrent_model import RecurrentModel


class LyricModel(RecurrentModel[ModelConfig]):
    """Next-token logits given what came before and whose song it is."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        first = config.embedding_size if config.features == "embedding" else config.vocab_size
        read = config.embedding_size if config.tied_output else config.vocab_size
        if config.features == "embedding":
            self.token_embedding = nn.Embedding(config.vocab_size, config.embedding_size)
            nn.init.normal_(self.token_embedding.weight, std=config.embedding_size**-0.5)
        self._build_layers(first)
        # Tied, it ends in the space of the embedding; else it is the output itself.
        width = config.hidden_size + self._joined_size
        self.projection = nn.Linear(width, read, bias=config.tied_output)
        self.output_bias = nn.Parameter(torch.zeros(config.vocab_size))
        self.token_dropout = TokenDropout(config.embedding_dropout)

    @property
    def nats_knowing_nothing(self) -> float:
        return math.log(max(2, self.config.vocab_size))

    def any_position(self, number: int) -> Tensor:
        token = number % self.config.vocab_size
        return torch.tensor(token, device=self.output_bias.device)

    def embed(self, positions: Tensor) -> Tensor:
        if self.config.features == "one-hot":
            embedded = F.one_hot(positions, self.config.vocab_size).to(self.output_bias.dtype)
        else:
            embedded = self.token_embedding(positions)
        dropped: Tensor = self.token_dropout(embedded, positions, self.config.vocab_size)
        return dropped

    def readout(self, outputs: Tensor, artist_vectors: Tensor) -> Tensor:
        """Outputs (…, hidden_size), artist vectors (…, artist_features) -> logits (…, vocab)."""
        joined = self._inputs(outputs, artist_vectors)
        if self.config.tied_output:
            projected = self.projection(joined)
            return F.linear(projected, self.token_embedding.weight, self.output_bias)
        return F.linear(joined, self.projection.weight, self.output_bias)

    def nats(self, read: Tensor, targets: Tensor) -> Tensor:
        nats = F.cross_entropy(
            read.flatten(0, 1), targets.flatten(), ignore_index=NO_TARGET, reduction="none"
        )
        return nats.view_as(targets)

    def even_nats(self, read: Tensor, targets: Tensor) -> Tensor:
        return (read.logsumexp(-1) - read.mean(-1)).masked_fill(targets == NO_TARGET, 0.0)
