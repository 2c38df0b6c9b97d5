"""Words in an answer that tell colleagues who wrote it: "my sales team", "as CFO", one's own name or role. Pure.

Shown before the answer is sent, where answers are read without names. It never blocks and never changes a word: the
author decides. It looks for what English sentences do; of a name or a role, in any language. What it does not find may
give its author away all the same, which the promise of each mode says (app/surveys/confidentiality.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_FOUND = 4


@dataclass(frozen=True)
class Giveaway:
    """The author's own words, as they stand in the answer, and a sentence on what they tell."""

    words: str
    says: str


# --- What a leader's patch is called -----------------------------------------------------------------------------------

_FUNCTION = (
    r"(?:(?:inside |field |customer |product |digital |brand |growth |channel |partner |revenue |people |human |"
    r"regional |international |domestic |key[- ]account )?"
    r"(?:sales|marketing|finance|accounting|controlling|treasury|legal|compliance|hr|human resources|people|talent|"
    r"recruiting|it|technology|engineering|product|design|r&d|research|development|data|analytics|operations|ops|"
    r"manufacturing|production|supply[- ]chain|logistics|procurement|purchasing|quality|service|support|success|"
    r"customer success|communications|pr|strategy|m&a|commercial|revenue|export|retail|e-?commerce|risk|audit|"
    r"security|medical|clinical|regulatory|finance and it))"
)
_PLACE = (
    r"(?:(?:emea|apac|latam|dach|europe|asia|africa|america|americas|north america|nordics|benelux|germany|france|"
    r"italy|spain|poland|uk|us|china|india|japan|nordic|german|french|italian|spanish|polish|british|american|chinese|"
    r"indian|japanese|european|asian|northern|southern|eastern|western))"
)
_GROUP = (
    r"(?:team|teams|department|function|division|unit|business unit|organi[sz]ation|people|staff|colleagues|crew|"
    r"budget|region|territory|country|plant|plants|factory|site|portfolio|leaders|managers|engineers|sellers|reps|"
    r"side|area|remit|pipeline|forecast|quota|numbers|targets)"
)
_TITLE = (
    r"(?:c[efotmrpihsdla]o|cpto|chro|cdo|ciso|svp|evp|vp|gm|md|"
    r"chief(?: [a-z&]+){1,3} officer|chief of staff|(?:senior |executive |group )?vice[- ]president|president|"
    r"managing director|general manager|general counsel|(?:finance|sales|marketing|technical|commercial|operations|"
    r"hr|people|legal|product|it|country|regional|plant|site|works|service) (?:director|manager|head|chief|lead)|"
    r"head of (?:the )?[a-z&][a-z& -]{1,40}?|director of [a-z&][a-z& -]{1,40}?|"
    r"vp(?: of)? [a-z&][a-z& -]{1,40}?|chair(?:man|woman|person)?|founder|co-?founder|owner|company secretary|"
    r"(?:finance|sales|marketing|technology|product|operations|people|security|data|customer|revenue) chief)"
)

# --- Sentences in which somebody speaks of their own patch -----------------------------------------------------------

_OWN_PATCH = re.compile(
    rf"\bmy (?:own |whole |entire |current )?(?:(?:{_FUNCTION}|{_PLACE})(?: and (?:{_FUNCTION}|{_PLACE}))?\s+{_GROUP}|"
    rf"{_FUNCTION}\b(?! (?:view|opinion|point|sense))|"
    rf"(?:team|department|function|division|unit|business unit|region|territory|country|plant|factory|direct reports|"
    rf"remit|quota))\b",
    re.IGNORECASE,
)
_WE_OF = re.compile(
    rf"\b(?:we|us|all of us|those of us|those) (?:here )?(?:in|at|on|from) (?:the )?(?:{_FUNCTION})"
    rf"(?: (?:team|department|function|side|organi[sz]ation))?\b(?! (?:markets?|segments?|terms?|and not))",
    re.IGNORECASE,
)
_I_LEAD = re.compile(
    rf"\bI(?:'m| am|’m)? (?:run|lead|head|head up|manage|oversee|own|chair|am responsible for|responsible for|"
    rf"in charge of|running|leading|heading|managing|look after|answer for|represent|came from|come from) "
    rf"(?:our |the |my |all (?:of )?(?:our |the )?)?(?:{_FUNCTION}|{_PLACE}|{_PLACE} {_GROUP}|{_FUNCTION} {_GROUP}|"
    rf"(?:team|department|function|division|business unit|plant|factory|region|company|business) ?)\b",
    re.IGNORECASE,
)
_FROM_MY = re.compile(
    rf"\b(?:in|from|with) (?:my|our) (?:{_FUNCTION} )?(?:role|position|job|seat|function|office|chair|desk)\b"
    rf"|\bfrom (?:my|a|the|our) (?:{_FUNCTION}) (?:perspective|point of view|viewpoint|standpoint|side|angle|seat)\b"
    rf"|\bwearing my {_FUNCTION} hat\b",
    re.IGNORECASE,
)
# "as CFO I", "speaking as the head of sales", "as your CEO"; not "as the CFO says", "such as CFOs", "known as CEO of".
_THEY_SAY = r"(?:says?|said|puts?|put|told|tells|keeps?|has|had|wants?|wanted|once|always|often|likes?|explained|wrote)"
_AS_TITLE = re.compile(
    rf"(?<!such )(?<!known )(?<!role )(?<!same )(?<!well )(?<!hired )(?<!people )"
    rf"\b(?:speaking )?as (?:the |a |an |your |our |their |group |acting |new |interim )?(?P<title>{_TITLE})\b"
    rf"(?!s\b)(?!['’]s\b)(?! {_THEY_SAY}\b)(?! does\b)(?! did\b)",
    re.IGNORECASE,
)
_I_AM_TITLE = re.compile(
    rf"\bI(?:'m|’m| am) (?:also |now )?(?:the |a |an |your |our |their |group |acting |new |interim )?{_TITLE}\b",
    re.IGNORECASE,
)
_MY_TENURE = re.compile(
    r"\b(?:since|before|when) I (?:joined|became|took over|was hired|started here|founded|arrived)\b"
    r"|\bmy (?:predecessor|successor|first (?:year|months?|weeks?|hundred days) (?:here|in this))\b",
    re.IGNORECASE,
)

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (_AS_TITLE, "This names your role."),
    (_I_AM_TITLE, "This names your role."),
    (_I_LEAD, "This says what you lead."),
    (_OWN_PATCH, "This says which part of the company is yours."),
    (_WE_OF, "This says where in the company you work."),
    (_FROM_MY, "This says from which place you look."),
    (_MY_TENURE, "This says something of your own time here."),
)

# --- One's own name and role -------------------------------------------------------------------------------------------

# Names that are words too. Alone they say nothing; the whole name does.
_WORDS_TOO = """
ally amber april art ash august autumn baker bell bill black bond brand brook brown buck bush carpenter case
chance chase chip christian clay cliff cook cross daisy dale dawn day dean drew earl early ease faith field
fisher ford forest fox frank french gene german gold good grace grant gray green guy hall hand hardy harmony
hart hill hope hunt hunter iris ivy jack jade jewel joy june justice king knight lance lane law lee light lily
long major march mark mars marsh mason may mercy mike miles mill miller moon moss north norm park parker pat
patience pearl penny peter pierce price prince queen ray read reed rich rise rob robin rock rose ruby rush
sage sand sandy sharp short skip sky smart smith snow sterling stone strong sue summer sun swift taylor teller
terry trade trust van victor violet wade walker ward warren waters way weaver wells west white will wise wolf
wood woods young
"""
_PARTICLES = ""
_SKIPPED = frozenset(_WORDS_TOO.split()) | frozenset(_PARTICLES.split())
_MARK_OF_TITLE = re.compile(
    r"\b(?:chief|officer|president|director|head|manager|founder|owner|counsel|partner|chair|chairman|chairwoman|lead|"
    r"vp|svp|evp|gm|md)\b",
    re.IGNORECASE,
)
_LETTERS = {
    "CEO": "chief executive officer",
    "CFO": "chief financial officer",
    "COO": "chief operating officer",
    "CMO": "chief marketing officer",
    "CTO": "chief technology officer",
    "CRO": "chief revenue officer",
    "CPO": "chief product officer",
    "CIO": "chief information officer",
    "CHRO": "chief human resources officer",
}


def find_giveaways(text: str, *, name: str = "", role: str = "") -> list[Giveaway]:
    """What in this text tells who wrote it, in the order of the text; each place once, four at most.

    name, role: the author's, as the list of participants has them.
    """
    found: list[tuple[int, int, str]] = []
    for pattern in _name_patterns(name):
        found += [(*match.span(), "This is your name.") for match in pattern.finditer(text)]
    for pattern in _role_patterns(role):
        found += [(*match.span(), "This is your role.") for match in pattern.finditer(text)]
    for pattern, says in _PATTERNS:
        found += [(*match.span(), says) for match in pattern.finditer(text)]
    kept: list[Giveaway] = []
    taken: list[tuple[int, int]] = []
    # The longest at each place: "as CFO" rather than "CFO" alone.
    for start, end, says in sorted(found, key=lambda each: (each[0] - each[1], each[0])):
        if any(start < other_end and other_start < end for other_start, other_end in taken):
            continue
        taken.append((start, end))
        kept.append(Giveaway(words=text[start:end].strip(), says=says))
    order = sorted(range(len(kept)), key=lambda place: taken[place])
    distinct = {kept[place].words.casefold(): kept[place] for place in reversed(order)}
    return [kept[place] for place in order if distinct[kept[place].words.casefold()] is kept[place]][
        :MAX_FOUND
    ]


def _name_patterns(name: str) -> list[re.Pattern[str]]:
    parts = [part.strip(".,") for part in name.split()]
    if len(name.strip()) < 2:
        return []
    is_of_words = all(part.casefold() in _SKIPPED for part in parts)
    patterns = [_whole_words(name.strip(), re.NOFLAG if is_of_words else re.IGNORECASE)]
    for part in parts:
        is_telling = len(part) > 2 or not part.isascii()
        if is_telling and part.casefold() not in _SKIPPED and part[:1].isalpha():
            # As it is written: "berg" in "iceberg" or "the berg" is no name.
            patterns.append(_whole_words(part, re.NOFLAG))
    return patterns


def _role_patterns(role: str) -> list[re.Pattern[str]]:
    """A role that is a title, and what its letters stand for. "Sales" alone is what half of all answers speak of."""
    patterns = []
    for piece in re.split(r"[,;/&+]|\band\b", role):
        title = " ".join(piece.split())
        is_letters = (
            title.isascii() and title.isupper() and 2 <= len(title) <= 5 and title not in {"HR", "IT", "PR"}
        )
        if is_letters:
            patterns.append(_whole_words(title, re.NOFLAG))
            if title in _LETTERS:
                patterns.append(_whole_words(_LETTERS[title], re.IGNORECASE))
        elif _MARK_OF_TITLE.search(title) and len(title) > 3:
            patterns.append(_whole_words(title, re.IGNORECASE))
            patterns += [
                _whole_words(letters, re.NOFLAG)
                for letters, words in _LETTERS.items()
                if words == title.casefold()
            ]
    return patterns


def _whole_words(words: str, flags: re.RegexFlag) -> re.Pattern[str]:
    spaced = r"\s+".join(re.escape(word) for word in words.split())
    return re.compile(rf"(?<![\w-]){spaced}(?![\w-])", flags)
