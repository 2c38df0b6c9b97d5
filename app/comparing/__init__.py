"""Two rounds of a series, or two groups of a round with names, side by side."""
