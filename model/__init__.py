"""The artist-conditioned language model: pure, synchronous, and free of Discord and SQL."""
