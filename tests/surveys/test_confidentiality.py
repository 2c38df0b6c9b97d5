from __future__ import annotations

from app.surveys.confidentiality import PROMISES, UNTIL_THE_CLOSE, promise
from app.surveys.models import Confidentiality


def test_every_mode_says_who_sees_what_and_what_it_does_not_cover() -> None:
    assert set(PROMISES) == set(Confidentiality)
    for mode in Confidentiality:
        assert promise(mode).mode == mode
        assert promise(mode).who_sees
        assert promise(mode).limits


def test_nothing_promises_that_nobody_could_ever_find_out() -> None:
    for each in PROMISES.values():
        said = " ".join([each.name, each.summary, *each.who_sees, *each.limits, UNTIL_THE_CLOSE]).lower()
        assert "anonym" not in said
        assert "impossible" not in said
