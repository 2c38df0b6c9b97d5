"""Any text is recorded as it was cleaned, or refused with words; never an error of ours."""

from __future__ import annotations

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.texts import clean_text, is_blank
from tests.answering.conftest import Asked, begin
from tests.pages import Browser

# What a form can carry: any text without surrogates, and any bytes.
TEXTS = st.one_of(
    st.text(max_size=200),
    st.text(st.sampled_from("\u0301\u202e\u2066\x00\u200f🙂न\u0327a\u200d\r\n\ufeff\ufffe "), max_size=60),
    st.binary(max_size=100),
)


@given(text=TEXTS, guess=st.one_of(st.integers(0, 100).map(str), st.text(max_size=12)))
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example(text="\x00", guess="70")
@example(text="\U0001f3f4\U000e0067\U000e0062", guess="1e5")
@example(text=b"\xff\xfe\x00", guess="\u0667\u0660")
def test_text_comes_back_equal_or_is_refused(
    browser: Browser, unattributed: Asked, text: str | bytes, guess: str
) -> None:
    begin(browser, unattributed)
    browser.get(unattributed.path("1"))

    question = browser.post(unattributed.path("1"), {"answer": text})
    draft = browser.post(unattributed.path("1/draft"), {"answer": text})
    page = browser.post(unattributed.path("review"), {"answer-1": text, "answer-2": guess})

    assert question.status in {303, 422}
    assert draft.status == 200
    assert page.status in {303, 422}
    if isinstance(text, str):
        assert question.status == (422 if is_blank(clean_text(text)) else 303)
    if isinstance(text, str) and page.status == 303:
        assert unattributed.texts() == [clean_text(text)]
        assert "Thank you" in browser.get(unattributed.path("done")).heading
