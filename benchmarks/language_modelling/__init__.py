"""The tables of the field: a recipe on a published text, beside the figures of others."""
