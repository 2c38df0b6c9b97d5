"""The executive's side of a round: begin, answer, review, submit, done."""
