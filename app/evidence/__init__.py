"""What people say about pairs of answers: the echo check of the executives, the corrections of the facilitator."""
