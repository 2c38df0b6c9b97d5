"""Which groups of a round may be set beside each other: never few people, never where a cut was ruled out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.languages import gettext as _
from app.languages import lazy_gettext as _l
from app.surveys.confidentiality import may_publish

EVERYBODY_ELSE = _l("Everybody else")


@dataclass(frozen=True)
class Group:
    """members: numbers of answers in the report."""

    name: str
    members: tuple[int, ...]

    @property
    def n(self) -> int:
        return len(self.members)


@dataclass(frozen=True)
class Cut:
    """refused: why these groups are not shown; then there are none."""

    groups: tuple[Group, ...] = ()
    refused: str | None = None


def make_cuts(values: Mapping[str, Mapping[int, str]], *, minimum: int) -> dict[str, Cut]:
    """By what people are divided, in the order given: a later cut must also be harmless beside the earlier ones.

    values: by name of the cut, for every answer that was read the value of its author, which may be empty. Groups under
    the minimum, and people without a value, are together `Everybody else`.
    """
    people = sorted({person for of in values.values() for person in of})
    place = {person: k for k, person in enumerate(people)}
    published: list[list[int]] = []
    cuts = {}
    for by, of in values.items():
        groups = _groups(of, minimum)
        members = [[place[person] for person in group.members] for group in groups]
        refused = None
        if len(groups) < 2:
            refused = _("There are no two groups of at least %(n)s answers.", n=minimum)
        elif not may_publish(members, len(people), minimum):
            refused = _(
                "After the groups of at least %(n)s answers too few people would be left over: whoever reads the figures could subtract their way to them.",
                n=minimum,
            )
        elif not may_publish([*published, *members], len(people), minimum):
            refused = _(
                "Beside the other comparison of this round it would tell of fewer than %(n)s people.",
                n=minimum,
            )
        else:
            published += members
        cuts[by] = Cut(refused=refused) if refused else Cut(groups)
    return cuts


def _groups(of: Mapping[int, str], minimum: int) -> tuple[Group, ...]:
    """Large groups first; spellings that differ in capitals alone are one."""
    found: dict[str, list[int]] = {}
    names: dict[str, str] = {}
    for person, value in sorted(of.items()):
        key = value.strip().casefold()
        names.setdefault(key, value.strip())
        found.setdefault(key, []).append(person)
    large = {key: members for key, members in found.items() if key and len(members) >= minimum}
    rest = tuple(sorted(person for key, members in found.items() if key not in large for person in members))
    groups = [
        Group(names[key], tuple(members))
        for key, members in sorted(large.items(), key=lambda item: (-len(item[1]), item[0]))
    ]
    return (*groups, Group(str(EVERYBODY_ELSE), rest)) if rest else tuple(groups)
