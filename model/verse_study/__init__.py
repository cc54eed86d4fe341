"""Verses by the search beside plain sampling and real ones: what is written, measured and drawn."""
