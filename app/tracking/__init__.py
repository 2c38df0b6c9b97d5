"""The rounds of a series against each other and against the thesis."""
