"""Tables as the documents show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def table(title: str, header: Sequence[str], rows: Mapping[str, Sequence[str]]) -> str:
    lines = [f"### {title}", "", "| " + " | ".join(("", *header)) + " |", "|" + "---|" * (len(header) + 1)]
    lines += [f"| {name} | " + " | ".join(cells) + " |" for name, cells in rows.items()]
    return "\n".join(lines) + "\n"
