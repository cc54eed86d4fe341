"""Songs: the formats people have, cleaning, the split, tokens and streams of them."""
