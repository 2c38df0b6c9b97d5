"""Numbers as people say them, and the sentence at the top of the report."""

from __future__ import annotations

from app.analysis.result import Estimate, Headline, Strategies

_NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)


def number(value: int) -> str:
    """Numbers to twelve in words.

    >>> [number(n) for n in (0, 1, 12, 13)]
    ['no', 'one', 'twelve', '13']
    """
    return _NUMBERS[value] if 0 <= value < len(_NUMBERS) else f"{value:,}"


def counted(value: int, singular: str, plural: str) -> str:
    """
    >>> counted(1, "strategy", "strategies"), counted(6, "strategy", "strategies")
    ('one strategy', 'six strategies')
    """
    return f"{number(value)} {singular if value == 1 else plural}"


def percent(value: float) -> str:
    """A probability as a whole percentage; never 0 % or 100 % unless it is, to a tenth of a per cent.

    >>> [percent(p) for p in (0.184, 0.0004, 0.002, 0.997, 0.9996)]
    ['18 %', '0 %', 'under 1 %', 'over 99 %', '100 %']
    """
    if 0.0005 <= value < 0.005:
        return "under 1 %"
    if 0.995 < value < 0.9995:
        return "over 99 %"
    return f"{round(100 * value)} %"


def capital(text: str) -> str:
    """
    >>> capital("nine executives")
    'Nine executives'
    """
    return text[:1].upper() + text[1:]


def listed(items: list[str]) -> str:
    """
    >>> listed(["A", "B", "C"]), listed(["A"])
    ('A, B and C', 'A')
    """
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def headline(n: int, n_read: int, strategies: Strategies, agreement: Estimate) -> Headline:
    """The report in one sentence.

    n: answers given; n_read: answers that could be read. Where agreement is unknown the sentence says
    why and names no number.
    """
    who = capital(counted(n, "executive", "executives"))
    if n == 0:
        return Headline("Nobody has answered yet.", who, "no answers", None, None)
    if n_read == 0:
        answer = "the answer could not be read" if n == 1 else "none of the answers could be read"
        return Headline(f"{who}, and {answer}.", who, answer, None, None)
    if strategies.estimate is None or agreement.estimate is None:
        few = "one answer" if n_read == 1 else f"{number(n_read)} answers"
        finding = f"{few} that can be read: too few to tell" if n_read < n else f"{few}: too few to tell"
        return Headline(f"{who}, {finding}.", who, finding, None, None)
    finding = counted(strategies.estimate, "strategy", "strategies")
    chance = percent(agreement.estimate)
    span = None
    if strategies.low is not None and strategies.high is not None and strategies.low < strategies.high:
        span = f"{number(strategies.low)} to {number(strategies.high)}"
    sentence = f"{who}, {finding}: pick any two, and the chance that they name the same one is {chance}"
    return Headline(sentence, who, finding, chance, span)
