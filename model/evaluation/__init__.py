"""What a model is worth, measured on songs it has not seen."""
