"""Noise that must not change the judge's mind: house jargon, project names, typing, missing sentences.

A team shares slogans and project names while it means different things. A judge trained on clean text
learns that shared rare words mean a shared strategy; here the same words are strewn over answers of
different positions, so that they carry no information.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from app.analysis.clauses import clauses_of
from training.companies import Answer, Company

_FIRST = (
    "Project Operation Programme Mission Vision Plan Initiative Roadmap Agenda Journey Compass Campaign"
).split()
_NAMES = (
    "Aurora Lighthouse Everest Phoenix Horizon Compass Falcon Kepler Meridian Northstar Bridge Orion Delta "
    "Atlas Beacon Summit Pegasus Cobalt Harbour Keystone Polaris Spring Tempo Unity Vector Zenith Anchor "
    "Catalyst Evergreen Fusion Granite Helix Ignite Jupiter Lotus Momentum Nova Oak Pulse Quantum Ruby"
).split()
_SLOGANS = (
    "Forward together|One team, one goal|Stronger every day|Closer to the customer|Fit for the future"
    "|Simply better|Built to last|Dare to lead|Make it count|Beyond tomorrow|Customer at heart"
    "|Win where it matters|The power of one|Think bigger|First choice|Next level|Full speed ahead"
    "|Small steps, big change|Excellence in everything|Growing with purpose"
).split("|")
_BEFORE = (
    "{x}: {t}|For me {x} means this: {t}|{x} in short: {t}|That is what {x} is about. {t}|Under {x}: {t}"
    "|As part of {x}: {t}|In the spirit of {x}, {t}|{x} - {t}|You know {x}. {t}|With {x}, {t}|{x}! {t}"
    "|{x}, as I understand it: {t}|Everybody at {c} talks of {x}. {t}|At {c} we call it {x}. {t}"
).split("|")
_AFTER = (
    "{t} That is {x}.|{t} That's what {x} stands for.|{t} ({x})|{t} {x}.|{t} This is the heart of {x}."
    "|{t} All of it under {x}.|{t} So: {x}.|{t} In our house we say {x}.|{t} #{x}|{t} {x}, as we say at {c}."
    "|{t} For {c} that is {x}.|{t} Everything in {x} follows from that."
).split("|")
_EMPTY = (
    "Let me be brief.|In my own words:|That is how I see it.|Simple as that.|Honestly?|As I always say:"
    "|You asked, so here it is.|I think this is clear to everyone.|From where I sit:|We owe it to our customers."
    "|Of course quality stays important.|And our people are the key to it.|It will take discipline."
    "|We stay ambitious.|Our values do not change.|We do it for the customer and for our shareholders."
).split("|")


def house_words(rng: random.Random) -> list[str]:
    """Two to four expressions that one company's people use whatever they mean."""
    found = []
    for _ in range(rng.randint(2, 4)):
        kind = rng.random()
        name = rng.choice(_NAMES)
        if kind < 0.35:
            found.append(f"{rng.choice(_FIRST)} {name}")
        elif kind < 0.6:
            found.append(f"{name} {rng.choice(('2027', '2028', '2030', '2035', '25', 'One', 'X', 'Way'))}")
        else:
            found.append(rng.choice(_SLOGANS))
    return found


def strew(text: str, *, words: Sequence[str], company: str, rng: random.Random) -> str:
    """The text with one of the house's expressions before or after it."""
    frame = rng.choice(_BEFORE if rng.random() < 0.5 else _AFTER)
    return frame.format(x=rng.choice(words), t=text, c=company)


def typed(text: str, rng: random.Random) -> str:
    """The text as someone in a hurry types it: lower case, no full stops, a slip or two."""
    kind = rng.random()
    if kind < 0.5:
        text = text.lower()
    elif kind < 0.7:
        text = re.sub(r"[.,;:!?]", "", text)
    elif len(text) > 20:
        for _ in range(rng.randint(1, 3)):
            k = rng.randrange(1, len(text) - 2)
            swap = rng.random() < 0.6
            text = text[:k] + (text[k + 1] + text[k] if swap else "") + text[k + 2 - (not swap) :]
    return text


def shortened(text: str, rng: random.Random) -> str:
    """The text without one of its sentences, where it has at least three."""
    parts = re.split(r"(?<=[.!?])\s+|\n+", text)
    if len(parts) < 3:
        return text
    parts.pop(rng.randrange(len(parts)))
    return " ".join(parts)


def disturb(texts: Sequence[str], *, company: str, rng: random.Random) -> list[str]:
    """One company's texts for one pass of training, each disturbed by chance."""
    words = house_words(rng)
    strewn = rng.choice((0.0, 0.0, 0.3, 0.6))
    out = []
    for text in texts:
        if rng.random() < 0.15:
            text = shortened(text, rng)
        if rng.random() < 0.08:
            empty = rng.choice(_EMPTY)
            text = f"{empty} {text}" if rng.random() < 0.5 else f"{text} {empty}"
        if rng.random() < strewn:
            text = strew(text, words=words, company=company, rng=rng)
        if rng.random() < 0.10:
            text = typed(text, rng)
        out.append(text)
    return out


def enriched(company: Company, rng: random.Random) -> Company:
    """The company with a few pieces of its answers, and answers joined from two that do not exclude each other.

    Pieces teach the judge to read a single clause; they count little, for a clause need not say it all.
    """
    single = [answer for answer in company.answers if answer.tier in ("plain", "indirect", "gist")]
    more: list[Answer] = []
    for answer in rng.sample(single, 5):
        pieces = clauses_of(answer.text)
        if len(pieces) > 1:
            more.append(replace(answer, text=rng.choice(pieces), tier="piece"))
    for _ in range(rng.choice((0, 1, 2))):
        a, b = rng.sample(single, 2)
        positions = (a.positions[0], b.positions[0])
        if positions[0] != positions[1] and tuple(sorted(positions)) not in company.conflicts:
            more.append(Answer(f"{a.text} {rng.choice(('', 'And ', 'Also: '))}{b.text}", "mixed", positions))
    return replace(company, answers=company.answers + tuple(more))
