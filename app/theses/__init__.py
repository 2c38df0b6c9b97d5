"""The thesis a team agrees on: for now its text, in versions that are never overwritten."""
