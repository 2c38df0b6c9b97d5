"""Own place: what an executive reads about the own answer beside the team's, once the report is shown."""
