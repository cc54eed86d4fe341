"""What was found of a piece when it was handed in, as it is kept for their reviewer."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

FlagKind = Literal[
    "blocked_words",  # moderation would not say them here
    "markup",  # tags, code, or signs that are no verse
    "odd_words",  # letters that hardly make words
    "repeated_line",
    "long_lines",  # as in prose
    "mixed_languages",
    "unsure_language",
    "unknown_language",  # the model has read next to nothing in it
    "repeated_bar",
    "crowded",  # more keys at once than is usual
    "sparse",  # mostly silence
    "odd_bars",  # of another length than the model knows
]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Flag(_Record):
    """A doubt, and the lines (of a beat, the bars) that it is about, counted from 1; none when it
    is about all.
    """

    kind: FlagKind
    lines: tuple[int, ...] = ()


class Findings(_Record):
    """`similarity` is the share of this piece that `similar_to`, the nearest one, has as well.

    `num_flags` repeats what `flags` says, for the database to ask for.
    """

    language: str = "und"
    language_confidence: float = 0.0
    similarity: float = 0.0
    similar_to: int | None = None
    flags: tuple[Flag, ...] = ()
    num_flags: int = 0

    def to_json(self) -> dict[str, Any]:
        return {**self.model_dump(mode="json"), "num_flags": len(self.flags)}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Findings | None":
        """None for what was never looked at, or by a version that kept something else."""
        try:
            return cls.model_validate(stored) if stored else None
        except ValidationError:
            return None

    @property
    def flagged_lines(self) -> frozenset[int]:
        return frozenset(line for flag in self.flags for line in flag.lines)
