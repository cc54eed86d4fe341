"""Many networks on one corpus at an equal budget: what each choice buys."""
