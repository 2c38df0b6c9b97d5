"""A fictional company with four quarters of answers, so that every page has something to show."""
