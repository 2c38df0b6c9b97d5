from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.mapping import FONT_SIZE, RADIUS, layout
from app.analysis.result import Map


def problems(drawn: Map) -> list[str]:
    """Everything on a map that touches something else or leaves the sheet."""
    found = []
    boxes = [(p.left, p.top, p.left + p.width, p.top + p.height) for p in drawn.points]
    for i, a in enumerate(boxes):
        if a[0] < 0 or a[1] < 0 or a[2] > drawn.width or a[3] > drawn.height:
            found.append(f"label {i} leaves the sheet")
        for j, b in enumerate(boxes):
            if j > i and a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]:
                found.append(f"labels {i} and {j} overlap")
        for point in drawn.points:
            dx = max(a[0] - point.x, 0.0, point.x - a[2])
            dy = max(a[1] - point.y, 0.0, point.y - a[3])
            if np.hypot(dx, dy) < drawn.radius:
                found.append(f"label {i} touches point {point.index}")
    for p in drawn.points:
        if not (RADIUS <= p.x <= drawn.width - RADIUS and RADIUS <= p.y <= drawn.height - RADIUS):
            found.append(f"point {p.index} leaves the sheet")
        for q in drawn.points:
            if q.index > p.index and np.hypot(p.x - q.x, p.y - q.y) < 2 * RADIUS:
                found.append(f"points {p.index} and {q.index} touch")
    return found


@st.composite
def teams(draw: st.DrawFn) -> tuple[np.ndarray, list[str]]:
    labels = draw(st.lists(st.text(alphabet="abcW Mé中", min_size=0, max_size=40), min_size=1, max_size=30))
    n = len(labels)
    camp = np.array(draw(st.lists(st.integers(0, 4), min_size=n, max_size=n)))
    noise = np.random.default_rng(draw(st.integers(0, 99))).uniform(-0.15, 0.15, (n, n))
    level = draw(st.sampled_from([0.0, 0.5, 0.84]))
    belonging = np.clip(np.where(camp[:, None] == camp, 0.85, 0.85 - level) + (noise + noise.T) / 2, 0, 1)
    np.fill_diagonal(belonging, 1.0)
    return belonging, labels


@settings(max_examples=60, deadline=None)
@given(teams())
def test_nothing_on_the_map_touches_anything(team: tuple[np.ndarray, list[str]]) -> None:
    belonging, labels = team
    n = len(labels)
    drawn = layout(belonging, labels, indices=range(n), camps=[0] * n)
    assert problems(drawn) == []
    assert abs(drawn.width / drawn.height - 1.6) < 0.01


def test_thirty_identical_answers_with_long_names_have_room() -> None:
    labels = [f"Vice President Something {i}" for i in range(30)]
    assert problems(layout(np.ones((30, 30)), labels, indices=range(30), camps=[0] * 30)) == []


def test_two_camps_stand_apart() -> None:
    camp = np.array([0, 0, 0, 1, 1, 1])
    drawn = layout(
        np.where(camp[:, None] == camp, 1.0, 0.05), list("abcdef"), indices=range(6), camps=camp.tolist()
    )
    spots = np.array([(p.x, p.y) for p in drawn.points])
    within = np.linalg.norm(spots[0] - spots[1])
    between = np.linalg.norm(spots[:3].mean(0) - spots[3:].mean(0))
    assert between > 3 * within


def test_the_same_answers_give_the_same_map() -> None:
    rng = np.random.default_rng(3)
    belonging = rng.uniform(0, 1, (9, 9))
    belonging = (belonging + belonging.T) / 2
    one = layout(belonging, ["x"] * 9, indices=range(9), camps=[None] * 9)
    assert one == layout(belonging, ["x"] * 9, indices=range(9), camps=[None] * 9)


def test_an_empty_map_is_a_sheet() -> None:
    drawn = layout(np.zeros((0, 0)), [], indices=[], camps=[])
    assert drawn.points == ()
    assert drawn.font_size == FONT_SIZE


def test_a_map_is_turned_to_where_the_same_answers_stood_and_keeps_its_distances() -> None:
    rng = np.random.default_rng(3)
    spots = rng.normal(size=(9, 2))
    distance = np.linalg.norm(spots[:, None] - spots[None], axis=2)
    belonging = 1.0 - distance / distance.max()
    labels = [f"P{k}" for k in range(9)]
    first = layout(belonging, labels, indices=range(9), camps=[0] * 9)
    # Mirrored and turned by a quarter: what the signs and the order of eigenvectors may do from round to round.
    anchors = {p.index: (-p.y, -p.x) for p in first.points}
    turned = layout(belonging, labels, indices=range(9), camps=[0] * 9, anchors=anchors)

    def cloud(points: Sequence[tuple[float, float]]) -> np.ndarray:
        found = np.array(points) - np.mean(points, axis=0)
        return np.asarray(found / np.linalg.norm(found))

    wanted = cloud([anchors[p.index] for p in turned.points])
    assert np.abs(cloud([(p.x, p.y) for p in turned.points]) - wanted).max() < 0.05
    assert np.abs(cloud([(p.x, p.y) for p in first.points]) - wanted).max() > 0.2
    assert turned.fit == first.fit


def test_one_anchor_turns_nothing() -> None:
    belonging = np.array([[1, 0.2, 0.6], [0.2, 1, 0.4], [0.6, 0.4, 1]])
    plain = layout(belonging, ["a", "b", "c"], indices=range(3), camps=[0, 1, 0])
    same = layout(belonging, ["a", "b", "c"], indices=range(3), camps=[0, 1, 0], anchors={1: (5.0, 5.0)})
    assert same == plain
