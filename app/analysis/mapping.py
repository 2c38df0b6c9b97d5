"""The map: answers as points on a plane, near where they likely name the same strategy.

Classical scaling (Torgerson 1952) of 1 - belonging, fitted to a wide sheet; points that would touch
are moved apart; labels are then put where nothing is in their way. No chance is involved: the same
belonging matrix gives the same map.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from app.analysis.result import Map, Matrix, Point

WIDTH = 960.0
HEIGHT = 600.0
RADIUS = 10.0  # a number of one or two digits is set in the point
FONT_SIZE = 15.0
GAP = 4.0  # free space kept around points and labels
MARGIN = 16.0
LONGEST_LABEL = 28  # characters; longer labels are cut with an ellipsis
SHEET_LIMIT = 30  # labels; with more of them the sheet grows

# Mean width of a letter of a sans-serif face as a share of its size, on the safe side.
LETTER = 0.57
LINE = 1.25

Box = tuple[float, float, float, float]
Positions = NDArray[np.float64]


def layout(
    belonging: Matrix,
    labels: Sequence[str],
    *,
    indices: Sequence[int],
    camps: Sequence[int | None],
    anchors: Mapping[int, tuple[float, float]] | None = None,
) -> Map:
    """Place n answers and their labels.

    belonging (n, n): 0 to 1, symmetric. labels (n): their text decides the size of their box. indices,
    camps (n): carried over to the points. No two label boxes overlap, no label box touches any point,
    and everything lies on the sheet; the sheet is 960 x 600 up to 30 answers and grows, in the same
    proportions, with their number. anchors: where some answers (by index) should stand as nearly as may be,
    on any sheet: the map is turned and mirrored to that, and nothing else, so every distance stays.
    """
    n = len(labels)
    if n == 0:
        return Map(WIDTH, HEIGHT, RADIUS, FONT_SIZE, (), None)
    grow = max(1.0, (n / SHEET_LIMIT) ** 0.5)
    while True:
        width, height = WIDTH * grow, HEIGHT * grow
        texts = [
            label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…" for label in labels
        ]
        spots, fit = _plane(belonging)
        spots = _turned(
            spots, {k: anchors[i] for k, i in enumerate(indices) if i in anchors} if anchors else {}
        )
        centres = _spread(_to_sheet(spots, width, height), width, height)
        boxes = _place_labels(centres, texts, width, height)
        if boxes is not None:
            break
        grow *= 1.25
    points = tuple(
        Point(index, camp, float(x), float(y), text, box[0], box[1], box[2] - box[0], box[3] - box[1])
        for index, camp, (x, y), text, box in zip(indices, camps, centres, texts, boxes, strict=True)
    )
    return Map(width, height, RADIUS, FONT_SIZE, points, fit)


def label_size(text: str) -> tuple[float, float]:
    """Width and height that a label needs, in map units; capitals are wider, wide scripts count double."""
    cells = sum(1.8 if ord(c) >= 0x1100 else 1.25 if c.isupper() else 0.92 for c in text)
    return max(cells, 1.0) * LETTER * FONT_SIZE, LINE * FONT_SIZE


def _plane(belonging: Matrix) -> tuple[Positions, float | None]:
    """Coordinates (n, 2) by classical scaling of 1 - belonging, and the share of structure they show."""
    n = len(belonging)
    squared = (1.0 - np.clip(belonging, 0.0, 1.0)) ** 2
    centring = np.eye(n) - 1.0 / n
    gram = -0.5 * centring @ squared @ centring
    values, vectors = np.linalg.eigh((gram + gram.T) / 2.0)
    positive = np.maximum(values[::-1], 0.0)
    vectors = vectors[:, ::-1]
    total = float(positive.sum())
    if total < 1e-9:
        return np.zeros((n, 2)), None
    spots = np.zeros((n, 2))
    for axis in range(min(2, n)):
        column = np.round(vectors[:, axis] * np.sqrt(positive[axis]), 9)
        # An eigenvector's sign means nothing; fix it so that the map does not flip between machines.
        leading = column[int(np.argmax(np.abs(column)))]
        spots[:, axis] = column if leading >= 0 else -column
    return spots, float(positive[:2].sum() / total)


def _turned(spots: Positions, anchors: Mapping[int, tuple[float, float]]) -> Positions:
    """The spots turned and mirrored so that those with an anchor lie nearest to it, both clouds centred
    (orthogonal Procrustes, Schoenemann 1966). Under two anchors, or where they coincide, nothing is turned."""
    rows = sorted(anchors)
    if len(rows) < 2:
        return spots
    here = spots[rows] - spots[rows].mean(axis=0)
    there = np.array([anchors[row] for row in rows], dtype=float)
    there -= there.mean(axis=0)
    left, sizes, right = np.linalg.svd(here.T @ there)
    if float(sizes[0]) < 1e-9:
        return spots
    return np.asarray(np.round(spots @ left @ right, 9))


def _to_sheet(spots: Positions, width: float, height: float) -> Positions:
    """Centre the cloud and let it fill the sheet, both axes alike so that distances stay comparable."""
    room = np.array([width * 0.66, height * 0.74])
    low, high = spots.min(axis=0), spots.max(axis=0)
    extent = high - low
    scale = float((room / np.maximum(extent, 1e-9)).min()) if float(extent.max()) > 1e-6 else 0.0
    return np.asarray((spots - (low + high) / 2.0) * scale + np.array([width, height]) / 2.0)


def _spread(centres: Positions, width: float, height: float) -> Positions:
    """Move points apart until none touches another; answers that coincide form a small ring."""
    n = len(centres)
    # Tiny fixed offsets on a sunflower, so that coinciding points know where to go.
    turn = np.arange(n) * 2.399963
    centres = centres + np.column_stack([np.cos(turn), np.sin(turn)]) * (0.5 + 0.1 * np.arange(n))[:, None]
    least = 2 * RADIUS + LINE * FONT_SIZE + 2 * GAP
    for _ in range(400):
        difference = centres[:, None, :] - centres[None, :, :]
        distance = np.linalg.norm(difference, axis=2)
        np.fill_diagonal(distance, np.inf)
        overlap = np.maximum(least - distance, 0.0)
        if float(overlap.max(initial=0.0)) < 0.01:
            break
        push = difference / np.maximum(distance, 1e-9)[:, :, None] * (overlap / 2.0)[:, :, None]
        centres = centres + push.sum(axis=1) * 0.7
        edge = RADIUS + MARGIN
        centres = np.clip(centres, edge, np.array([width, height]) - edge)
    return centres


def _place_labels(centres: Positions, texts: Sequence[str], width: float, height: float) -> list[Box] | None:
    """A free box for every label, as near to its point as possible; None when one finds no place.

    Longest labels first, since they have the fewest places. Positions are tried on growing rings
    around the point: right, left, below, above, and the diagonals between.
    """
    dots = [_around(x, y, RADIUS + GAP / 2) for x, y in centres]
    taken: list[Box] = []
    placed: dict[int, Box] = {}
    for i in sorted(range(len(texts)), key=lambda k: (-label_size(texts[k])[0], k)):
        wide, high = label_size(texts[i])
        for box in _places(float(centres[i][0]), float(centres[i][1]), wide, high):
            inside = box[0] >= 2 and box[1] >= 2 and box[2] <= width - 2 and box[3] <= height - 2
            if inside and not any(_overlap(box, other) for other in (*taken, *dots)):
                break
        else:
            return None
        placed[i] = box
        taken.append((box[0] - GAP / 2, box[1] - GAP / 2, box[2] + GAP / 2, box[3] + GAP / 2))
    return [placed[i] for i in range(len(texts))]


def _places(x: float, y: float, wide: float, high: float) -> list[Box]:
    boxes: list[Box] = []
    for ring in range(16):
        reach = RADIUS + GAP + ring * 12.0
        slide = wide / 2 + reach
        drop = high / 2 + reach
        for dx, dy in (
            (slide, 0.0),
            (-slide, 0.0),
            (0.0, drop),
            (0.0, -drop),
            (slide * 0.8, drop),
            (-slide * 0.8, drop),
            (slide * 0.8, -drop),
            (-slide * 0.8, -drop),
        ):
            cx, cy = x + dx, y + dy
            boxes.append((cx - wide / 2, cy - high / 2, cx + wide / 2, cy + high / 2))
    return boxes


def _around(x: float, y: float, reach: float) -> Box:
    return float(x - reach), float(y - reach), float(x + reach), float(y + reach)


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
