"""One frozen report per round, built by a job and only rendered afterwards."""
