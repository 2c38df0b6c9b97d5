"""What the facilitator says and asks at each slide. Ours, short, to be glanced at while people are in the room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.languages import lazy_gettext as _l


@dataclass(frozen=True)
class Notes:
    """says: to be said aloud, or nearly; asks: questions; minds: what to watch for."""

    says: Sequence[Any]
    asks: Sequence[Any] = ()
    minds: Sequence[Any] = ()


NOTES: dict[str, Notes] = {
    "cover": Notes(
        says=(
            _l("Thank everybody who answered. Read the question aloud as it was asked."),
            _l("We leave this room with one thesis that each of us can say in a sentence."),
            _l("Nobody has to defend what they wrote. We read answers, not people."),
        ),
        asks=(_l("How do we decide today if we do not agree: who has the last word?"),),
        minds=(_l("Settle how you decide before anybody has read a line. Afterwards it is too late."),),
    ),
    "silent": Notes(
        says=(
            _l("Ten minutes, nobody speaks. Underline one sentence that you wish you had written."),
            _l("Then one that you could not sign."),
        ),
        minds=(
            _l(
                "Start the clock. Turn the page about every three minutes; hand out the printed pack if you can."
            ),
            _l("Guessing who wrote what costs trust. Stop it with a smile."),
        ),
    ),
    "fork": Notes(
        says=(
            _l("Both sides are in this room, and both have reasons."),
            _l("First each side says what the other one means, until the other one says: yes, that is it."),
        ),
        asks=(
            _l("What would have to be true for the left to be right? And for the right?"),
            _l("Which customer would we send away tomorrow if we followed this side?"),
            _l("Is there a third way, or is that a way not to choose?"),
        ),
        minds=(
            _l("Five minutes for each side, five for the questions, then hands."),
            _l(
                "All hands go up at once, on three. Count aloud, write the count down, and go on: hands are not a vote."
            ),
        ),
    ),
    "camps": Notes(
        says=(_l("These are your own words. The label is a phrase from one of the answers."),),
        asks=(
            _l("Whose strategy is missing here?"),
            _l("Which two of these are one strategy in different words?"),
        ),
        minds=(_l("Two minutes are enough: it is a look, no discussion."),),
    ),
    "common": Notes(
        says=(_l("This is what you can build on. The thesis may begin with it."),),
        asks=(
            _l("Could a competitor say the same? Then it is no strategy yet."),
            _l("What do we do on Monday because of it?"),
        ),
    ),
    "expected": Notes(
        says=(
            _l(
                "Before sending, each of you guessed how far a colleague agrees. Here is the guess, and the measure."
            ),
        ),
        asks=(_l("Who is surprised, and by which of the two?"),),
        minds=(_l("A gap is nobody’s fault. It says that you have not talked about this for a while."),),
    ),
    "number": Notes(
        says=(_l("The number says how far the way is. It does not say where to go."),),
        asks=(_l("One sentence each: what will this number be when we ask again?"),),
        minds=(_l("Do not let anybody argue about the method now. The method card is in the report."),),
    ),
    "thesis": Notes(
        says=(
            _l("Ten minutes in pairs, on paper. Then we write one sentence together."),
            _l("Plain words: a new colleague must understand it, and a competitor must be unable to say it."),
        ),
        asks=(
            _l("Who is left out by it? If nobody is, it is too wide."),
            _l("What do we stop doing because of it?"),
        ),
        minds=(_l("Type what the room says, and let the room see it. It can be polished tomorrow."),),
    ),
    "next": Notes(
        says=(
            _l(
                "Before we stand up: who confirms which assumption, what stops tomorrow, when do we ask again."
            ),
        ),
        asks=(_l("Who tells the others in the company, and in which words?"),),
        minds=(_l("Write a name beside each of the three. Then end on time."),),
    ),
}
