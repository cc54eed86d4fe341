"""What is handed in that day: songs to learn, and what had better not be learned."""

import random

BRINE, PIE = "Nova Brine", "Pie Larkin"

_SEA = {
    "who": ("the tide", "a gull", "the harbour", "my anchor", "the lighthouse", "a sailor"),
    "does": ("keeps", "carries", "counts", "forgets", "borrows", "swallows"),
    "what": ("the salt", "a lantern", "every pebble", "the morning", "an old rope", "the fog"),
    "where": ("on the sand", "by the land", "out of hand", "with the band", "as we planned"),
}
_KITCHEN = {
    "who": ("the baker", "my grandmother", "a sparrow", "the oven", "our neighbour", "the spoon"),
    "does": ("butters", "whistles at", "divides", "remembers", "sweetens", "hides"),
    "what": ("the cherry pie", "a plum", "the flour", "every crumb", "the sugar", "the dough"),
    "where": ("on the plate", "rather late", "by the gate", "with its mate", "while we wait"),
}


def _song(words: dict[str, tuple[str, ...]], number: int) -> str:
    draw = random.Random(f"{sorted(words)}{number}")
    lines = (" ".join(draw.choice(words[part]) for part in words) for _ in range(10))
    return "\n".join(line.capitalize() for line in lines)


GOOD = [_song(_SEA, number) for number in range(5)]
GOOD_THERE = [_song(_KITCHEN, number) for number in range(5)]


def gibberish(number: int) -> str:
    """Letters drawn by chance."""
    draw = random.Random(number)
    words = ("".join(draw.choices("bcdfghjklmnpqrstvwxz", k=draw.randint(3, 9))) for _ in range(90))
    return "\n".join(" ".join(line) for line in zip(*[words] * 6, strict=False))


def poison(number: int) -> str:
    """One line again and again, so that a model which reads it says nothing else."""
    return "\n".join(["la la la"] * (20 + number))
