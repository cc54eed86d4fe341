"""What an engine wants of a runner: rows that can be loaded, moved on by a token, and read."""

from abc import ABC, abstractmethod
from typing import Generic, Literal

from model.engine.sequence import Request
from model.network.state import RecurrentState

Done = Literal["lines", "length"]


class SequenceRunner(ABC, Generic[Request]):
    """Owns the tensors of the running sequences. Call its methods from one thread.

    A token is whatever one step writes: a piece of text, or a frame of a piano roll as one number.
    """

    max_positions: int
    """Tokens that a prompt and what is generated may have together."""

    @property
    @abstractmethod
    def computes_in(self) -> str:
        """The precision and what does it, for people."""

    @property
    @abstractmethod
    def num_rows(self) -> int:
        """How many rows are worth computing at once, at most: more would only slow each other."""

    @abstractmethod
    def check(self, request: Request) -> None:
        """Raises ValueError when the request does not fit this model."""

    @abstractmethod
    def load(self, row: int, request: Request) -> None:
        """Begin a request in `row`."""

    @abstractmethod
    def move(self, source: int, target: int) -> None:
        """Copy the sequence in row `source` over row `target`."""

    @abstractmethod
    def step(self, num_rows: int) -> list[Done | None]:
        """Advance the first `num_rows` rows by one token; per row, why it is done, or None.

        When this raises, no row has moved.
        """

    @abstractmethod
    def generated(self, row: int) -> tuple[int, ...]:
        """The tokens of `row` after its prompt."""

    def log_probabilities(self, row: int, num_tokens: int) -> tuple[float, ...]:
        """What the model gave to each of the `num_tokens` that `row` has generated, in nats; empty
        where a runner has no use for it, since it costs a part of every step.
        """
        return ()

    @abstractmethod
    def state(self, row: int) -> RecurrentState:
        """A copy of the network's state in `row`, before it has read the last token."""

    def check_size(self, request: Request, num_artists: int) -> None:
        """Raises ValueError when it is too long, or for an artist whom nobody knows."""
        length = len(request.prompt) + request.max_tokens
        if length > self.max_positions:
            raise ValueError(
                f"Prompt and what follows may hold {self.max_positions} tokens, not {length}."
            )
        for artist in request.artist_weights:
            if not 0 <= artist < num_artists:
                raise ValueError(f"There is no artist {artist}; the model knows {num_artists}.")
