"""Rounds of a survey: questions, participants, personal links, answers."""
