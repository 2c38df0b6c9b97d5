"""Questions that are ready to be put into a round: forks above all, and some of every other kind. The wording is ours.

A fork is fair when a sensible person could want either pole: both are written as something to be proud of.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.surveys.kinds import default_settings
from app.surveys.models import Question, QuestionKind


@dataclass(frozen=True)
class Ready:
    """A question of the library; `key` is also its key in the round, so that two rounds with it compare."""

    key: str
    kind: QuestionKind
    prompt: str
    hint: str = ""
    settings: dict[str, Any] = field(default_factory=dict)

    def question(self) -> Question:
        """A copy, for a round; its settings are its own."""
        return Question(
            key=self.key,
            kind=self.kind,
            prompt=self.prompt,
            hint=self.hint,
            is_required=True,
            is_trend=False,
            settings={**default_settings(self.kind), **self.settings},
        )


def _fork(key: str, prompt: str, left: str, right: str) -> Ready:
    return Ready(key, QuestionKind.FORK, prompt, settings={"left": left, "right": right})


FORKS: tuple[Ready, ...] = (
    _fork(
        "market_end",
        "Which customers should we build for first?",
        "Fewer, larger ones who ask more of us",
        "Many smaller ones whom we serve simply",
    ),
    _fork(
        "grow_or_profit",
        "What should come first in the next two years?",
        "Grow now, and earn from it later",
        "Earn well now, and grow from that",
    ),
    _fork(
        "direct_or_partners",
        "How should most customers come to us?",
        "Directly, so that we know each of them",
        "Through partners who reach further than we do",
    ),
    _fork(
        "breadth_or_focus",
        "How wide should our offer be?",
        "A range that covers all they need",
        "One thing that nobody does better",
    ),
    _fork(
        "build_or_buy",
        "Where should new abilities come from?",
        "We build them, and keep what we learn",
        "We buy them, and have them sooner",
    ),
    _fork(
        "product_or_sales",
        "What should win most of our customers?",
        "A product that people try and recommend",
        "Sales people who understand each customer",
    ),
    _fork(
        "price_or_service",
        "What should customers choose us for?",
        "A price that others cannot match",
        "Service that others cannot match",
    ),
    _fork(
        "new_or_existing",
        "Where should most of our growth come from?",
        "Customers who are new to us",
        "Doing more for the customers we have",
    ),
    _fork(
        "home_or_abroad",
        "Where should we grow?",
        "Deeper where people know us",
        "In new countries, while the door is open",
    ),
    _fork(
        "speed_or_polish",
        "When is something ready for customers?",
        "Early: we learn from them and improve",
        "Late: it is right the first time",
    ),
    _fork(
        "standard_or_tailored",
        "What should customers get from us?",
        "The same for all, quick and dependable",
        "Fitted to each, and hard to replace",
    ),
    _fork(
        "first_or_better",
        "How should we bring new things to market?",
        "First, and set the terms",
        "Second, and do it better",
    ),
    _fork(
        "central_or_local",
        "Where should decisions be made?",
        "At the centre, so that everything fits together",
        "Close to the customer, so that it happens fast",
    ),
    _fork(
        "brand_or_demand",
        "What should marketing mostly work for?",
        "Being known and trusted for years",
        "Enquiries that sales can act on this quarter",
    ),
    _fork(
        "few_or_many_bets",
        "How should we spread what we invest?",
        "On two or three large bets, fully funded",
        "On many small ones, so that we learn sooner",
    ),
    _fork(
        "open_or_own",
        "How should what we make work with what others make?",
        "Open, so that others build on it",
        "All our own, so that everything fits",
    ),
    _fork(
        "once_or_recurring",
        "How should customers pay us?",
        "Once, for something that is theirs",
        "Every month, for something that keeps improving",
    ),
    _fork(
        "breadth_of_people",
        "Whom should we hire next?",
        "People who can do many things well",
        "People who do one thing better than anyone",
    ),
    _fork(
        "own_money_or_capital",
        "How should our growth be paid for?",
        "From what we earn, and we decide alone",
        "With investors' money, and we move faster",
    ),
    _fork(
        "core_or_next",
        "Where should our best people work?",
        "On the business that pays for everything",
        "On the business that will pay in five years",
    ),
    _fork(
        "industry_or_all",
        "Whom is it for?",
        "One industry that we know from the inside",
        "Everyone who has the problem that we solve",
    ),
    _fork(
        "people_or_machines",
        "What should carry the extra work as we grow?",
        "More people, who notice what machines miss",
        "More machines, which never tire of repeating",
    ),
)


OTHERS: tuple[Ready, ...] = (
    Ready(
        "strategy",
        QuestionKind.OPEN_TEXT,
        "In one to three sentences: what is our strategy?",
        "The unique value we provide to our market; who it is for; what we choose not to do.",
    ),
    Ready(
        "in_one_line",
        QuestionKind.OPEN_TEXT,
        "Finish the sentence: customers choose us, and nobody else, because …",
        "One sentence, as you would say it to a customer.",
        {"most_characters": 300},
    ),
    Ready(
        "first_customer",
        QuestionKind.OPEN_TEXT,
        "Describe the customer whom we should win first.",
        "Who they are, and what they struggle with, in one or two sentences.",
    ),
    Ready(
        "left_to_others",
        QuestionKind.OPEN_TEXT,
        "Which attractive opportunity should we leave to others?",
        "One that somebody here would be sorry to see go.",
    ),
    Ready(
        "obstacle",
        QuestionKind.OPEN_TEXT,
        "What stands most in the way of our strategy?",
        "One thing, and what makes it hard to move.",
    ),
    Ready(
        "because_of_it",
        QuestionKind.OPEN_TEXT,
        "Name one thing that we stopped, or chose not to do, because of our strategy.",
        "From the last three months. Write “nothing” if nothing comes to mind: that tells us something too.",
    ),
    Ready(
        "thesis",
        QuestionKind.ELEMENTS,
        "Our growth thesis on one page: what stands in each part of it?",
        "A few words for each part. Leave a part empty where you think that we have not decided.",
    ),
    Ready(
        "priorities",
        QuestionKind.PRIORITIES,
        "What are our priorities for this quarter?",
        "Three to five, the most important first. A few words each.",
    ),
    Ready(
        "put_off",
        QuestionKind.PRIORITIES,
        "What should we stop or put off this quarter?",
        "One to three things that somebody would miss.",
        {"least": 1, "most": 3},
    ),
    Ready(
        "next_investment",
        QuestionKind.RANKING,
        "Where should the next investment go? Put these in your order.",
        "First stands what should be funded first.",
        {
            "items": [
                {"key": "product", "label": "Product"},
                {"key": "brand", "label": "Brand and marketing"},
                {"key": "sales", "label": "Sales"},
                {"key": "service", "label": "Service to customers"},
                {"key": "markets", "label": "New markets"},
                {"key": "people", "label": "People and skills"},
            ]
        },
    ),
    Ready(
        "yardstick",
        QuestionKind.RANKING,
        "Which figure tells us best whether we succeed? Put these in your order.",
        "First stands the one that you would keep if you could keep only one.",
        {
            "items": [
                {"key": "growth", "label": "Growth in revenue"},
                {"key": "margin", "label": "Profit margin"},
                {"key": "loyalty", "label": "Customers who stay"},
                {"key": "share", "label": "Share of our market"},
                {"key": "cash", "label": "Cash"},
            ]
        },
    ),
    Ready(
        "maturity",
        QuestionKind.STAGE_CHOICE,
        "Where do we stand today?",
        "Choose the description that comes closest to an ordinary week, not to our best one.",
    ),
    Ready(
        "perception",
        QuestionKind.PERCEPTION_GUESS,
        "Pick a colleague of this group at random. How likely is it that they described the same strategy as you?",
        "0 % means never, 100 % means always. A quick guess is what we want.",
    ),
    Ready(
        "confidence",
        QuestionKind.CONFIDENCE,
        "How confident are you that our strategy will work?",
    ),
    Ready(
        "confidence_in_teams",
        QuestionKind.CONFIDENCE,
        "How confident are you that the people who report to you would describe our strategy as you do?",
    ),
)

LIBRARY: dict[str, Ready] = {ready.key: ready for ready in (*FORKS, *OTHERS)}
