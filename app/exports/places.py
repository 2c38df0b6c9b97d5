"""Where on a slide something stands, in English Metric Units (914,400 to the inch)."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    left: int
    top: int
    width: int
    height: int

    def columns(self, n: int, gap: int) -> list[Place]:
        width = (self.width - gap * (n - 1)) // n
        return [Place(self.left + i * (width + gap), self.top, width, self.height) for i in range(n)]

    def below(self, used: int) -> Place:
        return Place(self.left, self.top + used, self.width, max(self.height - used, 1))

    def tall(self, height: int) -> Place:
        return Place(self.left, self.top, self.width, height)
