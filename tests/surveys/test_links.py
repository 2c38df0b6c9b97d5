from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.surveys.links import KeyRefused, new_key, qr_code, token_for


def test_a_token_is_32_bytes_and_belongs_to_one_person_of_one_round() -> None:
    key = new_key()

    tokens = {
        token_for(key=key, round_id=round_id, participant_id=id_) for round_id in (1, 2) for id_ in (1, 2)
    }

    assert len(tokens) == 4
    assert all(len(base64.urlsafe_b64decode(token + "=")) == 32 for token in tokens)


def test_the_same_key_gives_the_same_token_and_another_key_another() -> None:
    key = new_key()

    first = token_for(key=key, round_id=1, participant_id=1)

    assert token_for(key=key, round_id=1, participant_id=1) == first
    assert token_for(key=new_key(), round_id=1, participant_id=1) != first


@given(
    st.one_of(
        st.text(max_size=60), st.binary(max_size=31).map(lambda raw: base64.urlsafe_b64encode(raw).decode())
    )
)
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(KeyRefused):
        token_for(key=key, round_id=1, participant_id=1)


def test_a_qr_code_draws_every_dark_square_inside_its_quiet_zone() -> None:
    import segno

    url = "https://ninefold.example.com/r/" + "x" * 43
    code = qr_code(url)

    squares = set()
    for run in code.path.split("z")[:-1]:
        start, _, rest = run.removeprefix("M").partition("h")
        x, y = map(int, start.split())
        width = int(rest.partition("v")[0])
        squares |= {(x + step, y) for step in range(width)}
    matrix = segno.make(url, error="m", micro=False).matrix
    expected = {(x + 4, y + 4) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark}
    assert squares == expected
    assert code.size == len(matrix) + 8
