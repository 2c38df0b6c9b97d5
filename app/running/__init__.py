"""Running rounds by the clock: scheduled openings, quarterly schedules, what the facilitator is told, reopening."""
