"""Merrowby Ropeworks: the fictional company of the demonstration, as plain frozen data.

Days count from the day on which the demo is loaded: -4 is four days earlier, 10 is ten days ahead. Every
person, figure and sentence is invented. `intended` says which strategy the writer of these texts had in mind;
it is there for tests and documentation, and the product never reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.demo.further import IN_QUARTER_FOUR, Further


class Camp(StrEnum):
    """What an answer was written to say."""

    CARE = "care"  # look after every rope in use and replace it in time: what becomes the thesis
    PREMIUM = "premium"  # the strongest rope, for few, at a high price
    VOLUME = "volume"  # standard rope, a full mill, the lowest price
    DIRECT = "direct"  # sell to the shipowner, without anyone in between
    DEALERS = "dealers"  # sell through the chandlers of every port
    GREEN = "green"  # recycled rope, taken back and spun again
    LAND = "land"  # leave shipping for climbers, tree surgeons and rescue teams


OPPOSED: tuple[tuple[Camp, Camp], ...] = ((Camp.PREMIUM, Camp.VOLUME), (Camp.DIRECT, Camp.DEALERS))


@dataclass(frozen=True, slots=True)
class Person:
    key: str
    name: str
    email: str
    role: str
    function: str

    @property
    def level(self) -> str:
        """Who reports to the board, and who to one of them."""
        return "Executive board" if self.role.startswith("Chief") else "Leadership team"


@dataclass(frozen=True, slots=True)
class Answer:
    """One executive's sheet in one round: the text, the guessed agreement in percent, and when it came in."""

    person: str
    text: str
    guess: int
    intended: Camp
    days_after_opening: int


@dataclass(frozen=True, slots=True)
class Quarter:
    label: str
    introduction: str
    opens_on_day: int
    closes_on_day: int
    invited: tuple[str, ...]
    answers: tuple[Answer, ...]
    # What is asked beside the strategy, with everybody's answers.
    further: tuple[Further, ...] = ()

    @property
    def is_open(self) -> bool:
        """Does the round still take answers on the day on which the demo is loaded?"""
        return self.closes_on_day > 0

    @property
    def texts(self) -> dict[str, str]:
        return {answer.person: answer.text for answer in self.answers}

    @property
    def guesses(self) -> dict[str, int]:
        return {answer.person: answer.guess for answer in self.answers}

    @property
    def open_people(self) -> tuple[str, ...]:
        """Invited and not answered yet, in the order of the invitation."""
        return tuple(person for person in self.invited if person not in self.texts)


@dataclass(frozen=True, slots=True)
class ThesisVersion:
    text: str
    written_on_day: int
    written_by: str
    note: str


@dataclass(frozen=True, slots=True)
class Company:
    name: str
    about: str
    time_zone: str
    series_title: str
    facilitator: str
    people: tuple[Person, ...]
    quarters: tuple[Quarter, ...]
    theses: tuple[ThesisVersion, ...]
    # Whose personal link is shown to a visitor who wants to try answering.
    visitor: str

    def person(self, key: str) -> Person:
        """The person with this key; KeyError when nobody has it."""
        for person in self.people:
            if person.key == key:
                return person
        raise KeyError(key)

    @property
    def closed_quarters(self) -> tuple[Quarter, ...]:
        return tuple(quarter for quarter in self.quarters if not quarter.is_open)

    @property
    def open_quarter(self) -> Quarter:
        """The one round that a visitor can answer."""
        (quarter,) = (quarter for quarter in self.quarters if quarter.is_open)
        return quarter


def day(number: int, *, loaded_on: date) -> date:
    """The calendar day of a demo day."""
    return loaded_on + timedelta(days=number)


PEOPLE = (
    Person(
        "margit", "Margit Sørlund", "margit.sorlund@merrowby.example", "Chief Executive", "General management"
    ),
    Person("tobias", "Tobias Wren", "tobias.wren@merrowby.example", "Chief Financial Officer", "Finance"),
    Person("carla", "Carla Mendes", "carla.mendes@merrowby.example", "Chief Revenue Officer", "Sales"),
    Person("anjali", "Anjali Raman", "anjali.raman@merrowby.example", "Chief Marketing Officer", "Marketing"),
    Person("duncan", "Duncan Ogle", "duncan.ogle@merrowby.example", "Chief Operating Officer", "Operations"),
    Person("sofia", "Sofia Brandt", "sofia.brandt@merrowby.example", "Chief Operating Officer", "Operations"),
    Person("jonas", "Jonas Feldt", "jonas.feldt@merrowby.example", "Chief Technology Officer", "Technology"),
    Person("maeve", "Maeve Corrigan", "maeve.corrigan@merrowby.example", "Chief People Officer", "People"),
    Person("yusuf", "Yusuf Kaya", "yusuf.kaya@merrowby.example", "Head of Product", "Product"),
    Person(
        "weilin", "Goh Wei Lin", "weilin.goh@merrowby.example", "Managing Director Asia Pacific", "Region"
    ),
)

# Duncan Ogle retires after the second quarter and Sofia Brandt takes over.
WITH_DUNCAN = ("margit", "tobias", "carla", "anjali", "duncan", "jonas", "maeve", "yusuf", "weilin")
WITH_SOFIA = ("margit", "tobias", "carla", "anjali", "sofia", "jonas", "maeve", "yusuf", "weilin")

FIRST = Quarter(
    label="Quarter 1",
    introduction=(
        "We talk about our strategy every week. I would like to know whether we all mean the same one. "
        "Please write what you would say to a new colleague, without looking anything up."
    ),
    opens_on_day=-311,
    closes_on_day=-299,
    invited=WITH_DUNCAN,
    answers=(
        Answer(
            "margit",
            "We make the strongest synthetic ropes in the world for the hardest jobs at sea, and we charge "
            "accordingly. Deep-water moorings, heavy tows, salvage. Where an ordinary rope would do, the "
            "customer can buy it from somebody else.",
            95,
            Camp.PREMIUM,
            2,
        ),
        Answer(
            "tobias",
            "Volume. The mill runs at 61 per cent, and every idle hour costs us 900 euros. So we sell "
            "standard rope in large quantities, at the lowest price in the market, and spread the fixed "
            "cost over more tonnes.",
            80,
            Camp.VOLUME,
            5,
        ),
        Answer(
            "carla",
            "Direct to the shipowner. Our own people in front of every fleet manager, no chandler or "
            "wholesaler in between, because whoever owns that relationship owns the margin. We stop "
            "supplying the middlemen within two years.",
            85,
            Camp.DIRECT,
            1,
        ),
        Answer(
            "anjali",
            "Recycled rope. We take worn ropes back from the ships, spin new fibre out of them and sell "
            "to shipping lines that have promised to cut their waste. We stop making rope that cannot be "
            "recycled.",
            40,
            Camp.GREEN,
            0,
        ),
        Answer(
            "duncan",
            "- both factories full, three shifts\n"
            "- standard sizes, long runs\n"
            "- lowest cost per metre in the trade\n"
            "- win on price, earn it back on tonnage",
            80,
            Camp.VOLUME,
            9,
        ),
        Answer(
            "jonas",
            "The strongest rope in the world for deep-water moorings and salvage, engineered by us, "
            "tested until destruction and sold at a high price. No standard rope.",
            75,
            Camp.PREMIUM,
            3,
        ),
        Answer(
            "maeve",
            "Recycling. Old rope is collected in the harbours, shredded and spun into new rope, and no "
            "plastic ends in the sea. Young people come to us because of that, and I believe that "
            "customers will too. I have an engineer who turned down an oil company for it.",
            70,
            Camp.GREEN,
            6,
        ),
        Answer(
            "yusuf",
            "get out of shipping, bit by bit, and grow on land: climbers, tree surgeons, rescue teams, "
            "stage riggers. people who buy one good rope a year in a shop",
            80,
            Camp.LAND,
            4,
        ),
        Answer(
            "weilin",
            "Our rope must be on the shelf of every good chandler from Busan to Mombasa. Ships buy where "
            "they call, not from a head office, so we sell through dealers, train them, give them a fair "
            "margin and never compete with them.",
            85,
            Camp.DEALERS,
            7,
        ),
    ),
)

SECOND = Quarter(
    label="Quarter 2",
    introduction=(
        "The same question again, now that we have read our nine answers to each other. Please write what "
        "you think today, not what you wrote last time."
    ),
    opens_on_day=-220,
    closes_on_day=-208,
    invited=WITH_DUNCAN,
    answers=(
        Answer(
            "margit",
            "I have changed my mind. A strong rope can be copied in three years. What nobody copies is that "
            "we stay with it after the delivery: our inspectors check it on board, and we replace it before "
            "it fails.",
            55,
            Camp.CARE,
            3,
        ),
        Answer(
            "tobias",
            "Tonnage. Standard rope, long runs, the lowest price in the market. Utilisation is 63 per cent "
            "and should be 85. Everything clever that we add on top costs money and fills no machine.",
            30,
            Camp.VOLUME,
            2,
        ),
        Answer(
            "carla",
            "Direct to the shipowner, no chandler in between. Our own account managers sell to the "
            "fleets, one contract per shipowner.",
            50,
            Camp.DIRECT,
            1,
        ),
        Answer(
            "anjali",
            "Ship operators come to us for ropes that are looked after. We check them on deck, keep the "
            "record of each one and change it while it is still safe. Strength and price are what the "
            "others talk about.",
            25,
            Camp.CARE,
            0,
        ),
        Answer(
            "duncan",
            "- fill the mill first\n"
            "- fewer sizes, bigger batches\n"
            "- cheapest standard rope in the market, delivered on time\n"
            "- specials only if a machine stands idle anyway",
            35,
            Camp.VOLUME,
            8,
        ),
        Answer(
            "jonas",
            "From my side still the same: the strongest rope in the market, for deep water and heavy tow, "
            "at a high price. Nothing standard.",
            40,
            Camp.PREMIUM,
            4,
        ),
        Answer(
            "maeve",
            "I tell candidates that the rope is what we ship and the care is what we sell. You will spend "
            "your week on other people's decks looking for wear, you will have the right to condemn a line "
            "that the mate would like to keep for one more voyage, and the new one will be there because "
            "you said so. Most of them want the job after that.",
            35,
            Camp.CARE,
            5,
        ),
        Answer(
            "yusuf",
            "ok im convinced, land was a distraction. we look after the ropes on ships: inspect, log, swap "
            "before they snap. no climbing gear, no trees",
            45,
            Camp.CARE,
            2,
        ),
        Answer(
            "weilin",
            "Through the chandlers. A ship in Colombo needs a rope today and buys it from the man on the "
            "quay, so our job is stock and good dealers in every port, not salesmen of our own.",
            40,
            Camp.DEALERS,
            9,
        ),
    ),
)

THIRD = Quarter(
    label="Quarter 3",
    introduction=(
        "Six weeks ago we wrote our strategy down together. Please do not copy it: say in your own words "
        "what it is."
    ),
    opens_on_day=-129,
    closes_on_day=-117,
    invited=WITH_SOFIA,
    answers=(
        Answer(
            "margit",
            "Tug, ferry and tanker companies pay us so that no rope ever breaks on a crew: we take care of "
            "it from its first day on board to its last.",
            75,
            Camp.CARE,
            1,
        ),
        Answer("tobias", "Full mill, standard rope, lowest price. As before.", 45, Camp.VOLUME, 6),
        Answer(
            "carla",
            "We sell a promise and we keep it: your lines are inspected, and changed before they part, for "
            "as long as you sail with us. My team sells care contracts per ship now, no longer rope per "
            "coil.",
            65,
            Camp.CARE,
            0,
        ),
        Answer(
            "anjali",
            "For operators who cannot afford a broken mooring we are the rope maker that stays. We check "
            "every line, say when it is done and have the new one there in time. The fight over the price "
            "per metre we leave to others.",
            45,
            Camp.CARE,
            0,
        ),
        Answer(
            "sofia",
            "I am new, so this is what I see from the factory floor: machines two thirds loaded. We should "
            "become the lowest-cost producer of standard rope and take volume back from the importers on "
            "price.",
            50,
            Camp.VOLUME,
            7,
        ),
        Answer(
            "jonas",
            "We give the customer certainty about the remaining life of his rope. The inspector goes on "
            "board with our wear model, and the rope is exchanged before it becomes dangerous. Breaking "
            "strength alone is no strategy, this I had to learn.",
            60,
            Camp.CARE,
            3,
        ),
        Answer(
            "maeve",
            "A mate in Rotterdam told one of our inspectors that she was the only supplier who ever came "
            "back after the invoice. That is the strategy, really. We come back, we look at the rope, we "
            "say honestly how much life it has left and we change it in time, and the crew goes home with "
            "all its fingers. Every training day this year goes there.",
            55,
            Camp.CARE,
            4,
        ),
        Answer(
            "yusuf",
            "we look after the rope for its whole life so nobody gets hurt. every line has a tag, a history "
            "and an end date, and the ship gets the replacment before that date",
            60,
            Camp.CARE,
            2,
        ),
        Answer(
            "weilin",
            "In my region strategy means distribution. Rope in the chandler's store in 60 ports, dealers "
            "who make money with us, and no direct business behind their backs.",
            35,
            Camp.DEALERS,
            9,
        ),
    ),
)

FOURTH = Quarter(
    label="Quarter 4",
    introduction=(
        "Our strategy has stood for four months. Please say in your own words what it is. If you see it "
        "differently, say that."
    ),
    opens_on_day=-38,
    closes_on_day=-26,
    invited=WITH_SOFIA,
    further=IN_QUARTER_FOUR,
    answers=(
        Answer(
            "margit",
            "Ships, tugs and oil terminals give us their ropes to look after. We check them, we decide when "
            "one is finished, we bring the new one. Whoever only wants a cheap coil should go elsewhere.",
            80,
            Camp.CARE,
            1,
        ),
        Answer(
            "tobias",
            "Still volume, and I know that I am in the minority. Fill the mill with standard rope and "
            "sell it at the lowest price in the market.",
            60,
            Camp.VOLUME,
            5,
        ),
        Answer(
            "carla",
            "Fleets, tug companies, terminals: they sign one contract per ship, and from then on every line "
            "on it is our responsibility. We inspect, we know when it is due, we swap it before it lets go. "
            "My team no longer calls on customers who only compare the price of a coil.",
            75,
            Camp.CARE,
            0,
        ),
        Answer(
            "anjali",
            "No other rope maker stays after the sale. We do: an inspector on deck, a written number for "
            "the life that remains, and a new rope on the ship while the old one still holds. It is for "
            "companies that would lose a day, or a deckhand, when a mooring goes.",
            60,
            Camp.CARE,
            0,
        ),
        Answer(
            "sofia",
            "The only rope maker that answers for a line from the day it goes aboard to the day it comes "
            "off. For operators of tugs, tankers and terminals who cannot afford a parted line, we inspect "
            "it on board, say how long it has left and replace it before it fails.",
            65,
            Camp.CARE,
            3,
        ),
        Answer(
            "jonas",
            "Every rope that we deliver stays under our eyes until it is scrapped. We measure the wear, "
            "calculate how many months remain, and exchange it in time, for tankers and tugs where a break "
            "can kill somebody. A rope that we cannot follow we do not want to sell.",
            65,
            Camp.CARE,
            4,
        ),
        Answer(
            "maeve",
            "My mother asked what we do these days and I said that we are a bit like the people who service "
            "lifts. You stop thinking about your ropes, because somebody from Merrowby comes on board, "
            "looks at every metre, tells you that this one is good for five more months, and turns up in "
            "four with the next. And we say no, politely, to those who only want it cheap.",
            60,
            Camp.CARE,
            6,
        ),
        Answer(
            "yusuf",
            "we inspect the rope, work out when its finished and change it first. you stop worying about "
            "it. not for bargain hunters",
            70,
            Camp.CARE,
            2,
        ),
        Answer(
            "weilin",
            "Dealers. Rope on the chandler's shelf in every port, sold by local people who know the "
            "captains, with a good margin for them. Ships in Asia buy that way, and no contract from head "
            "office will change it.",
            50,
            Camp.DEALERS,
            8,
        ),
    ),
)

OPEN = Quarter(
    label="Pulse",
    introduction=(
        "A pulse between two quarters: the same question, a few minutes, your own words, nothing to prepare."
    ),
    opens_on_day=-4,
    closes_on_day=10,
    invited=WITH_SOFIA,
    answers=(
        Answer(
            "anjali",
            "We are hired to make sure that no mooring fails. The rope comes with an inspector, a known end "
            "date and a successor that arrives before that date, and we leave the cheap coils to the rest "
            "of the trade.",
            65,
            Camp.CARE,
            0,
        ),
        Answer(
            "yusuf",
            "same as last time. we check the ropes on board, say whats left in them and swap them before "
            "they go. tugs, tankers, terminals",
            75,
            Camp.CARE,
            1,
        ),
        Answer(
            "tobias",
            "Low price, standard rope, high tonnage. The care contracts are pleasant, but a mill at 66 per "
            "cent is still a mill that is one third empty, and only volume fills it.",
            60,
            Camp.VOLUME,
            2,
        ),
        Answer(
            "sofia",
            "I came here wanting to fill machines. Today I plan them around replacement dates: we guarantee "
            "operators that a worn rope is found and changed before it breaks, and I turn down bulk orders "
            "that are only about price.",
            70,
            Camp.CARE,
            3,
        ),
    ),
)

THESES = (
    ThesisVersion(
        text=(
            "Merrowby is the only rope maker that answers for a line from the day it goes aboard to the day "
            "it comes off. We do this for operators of ships, tugs and terminals who cannot afford a parted "
            "line: we inspect it, say when it is finished and replace it in time. We do not sell rope by "
            "the metre on price."
        ),
        written_on_day=-171,
        written_by="anjali",
        note="Agreed at the two-day offsite after the second quarter.",
    ),
    ThesisVersion(
        text=(
            "Merrowby is the only rope maker that answers for a line from the day it goes aboard to the day "
            "it comes off. We do this for operators of tugs, tankers and terminals who cannot afford a "
            "parted line: we inspect it on board, say how long it has left and replace it before it fails. "
            "We do not compete on price per metre, and we do not sell rope that we cannot look after."
        ),
        written_on_day=-94,
        written_by="anjali",
        note="After the third quarter: narrower in who it is for, clearer in what we do not do.",
    ),
)

MERROWBY = Company(
    name="Merrowby Ropeworks",
    about=(
        "Merrowby Ropeworks is a fictional company. Its 900 people make mooring, towing and lifting ropes "
        "in two factories, and have done so in the same harbour town since 1821."
    ),
    time_zone="Europe/London",
    series_title="What is our strategy?",
    facilitator="anjali",
    people=PEOPLE,
    quarters=(FIRST, SECOND, THIRD, FOURTH, OPEN),
    theses=THESES,
    visitor="carla",
)
