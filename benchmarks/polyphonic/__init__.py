"""The classic polyphonic sets: a recipe for piano rolls, beside the figures of others."""
