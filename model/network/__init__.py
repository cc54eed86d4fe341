"""The artist-conditioned recurrent language model."""
