"""The hint before sending: which sentences give their author away, and which must be left in peace."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.surveys.answering.giveaways import find_giveaways

TELLING = [
    ("We grow through key accounts, and my sales team is already there.", "my sales team"),
    ("As CFO I would cut the long tail of products.", "As CFO"),
    ("As the CFO, I see a business that lives on service contracts.", "As the CFO"),
    ("Speaking as head of operations, speed is the point.", "Speaking as head of operations"),
    ("as your CEO I want one answer", "as your CEO"),
    ("I'm the CTO, so I look at the platform first.", "I'm the CTO"),
    ("I run marketing and hear this every day.", "I run marketing"),
    ("I lead the Nordics and we win on delivery there.", "I lead the Nordics"),
    ("I am responsible for supply chain, and it holds us back.", "I am responsible for supply chain"),
    ("We in finance do not see the margin.", "We in finance"),
    ("For us in the sales team the strategy is volume.", "us in the sales team"),
    ("From my finance perspective we buy growth too dearly.", "From my finance perspective"),
    ("In my role I see three strategies at once.", "In my role"),
    ("Before I joined, we sold to everybody.", "Before I joined"),
    ("My predecessor went up-market.", "My predecessor"),
    ("My budget follows service; my marketing budget does not.", "my marketing budget"),
    ("my German plant can build it", "my German plant"),
    ("My department ships what the others promise.", "My department"),
    ("Ask my direct reports: nobody knows.", "my direct reports"),
]

LEFT_IN_PEACE = [
    "We win clinics that cannot afford a day without their analyser.",
    "Our sales team sells outcomes, not machines.",
    "We sell to CFOs of mid-size hospitals, such as CFOs in Germany.",
    "As the CFO says, cash is king.",
    "We are known as CEO of the category.",
    "In my view we should go up-market; my sense is that we drift.",
    "My marketing view is no different from anyone's.",
    "As a company we serve owners who cannot risk a parted line.",
    "I lead by example and we all should.",
    "I run out of patience with discounting.",
    "I manage to explain it in one line: we repair within a day.",
    "We are in sales of spare parts as well as service.",
    "They work in marketing; customers work in finance.",
    "The finance team of the customer decides.",
    "Product, sales and marketing must agree on one buyer.",
    "My answer is simple: fewer customers, served better.",
    "We are as chief supplier as anybody.",
    "People in operations at our customers are who we serve.",
    "From a customer's perspective we are the only one whose service never sleeps.",
    "We lead the market in Germany.",
]


@pytest.mark.parametrize(("text", "words"), TELLING)
def test_words_that_tell_the_author_are_found_as_they_stand(text: str, words: str) -> None:
    assert words.casefold() in [found.words.casefold() for found in find_giveaways(text)]


@pytest.mark.parametrize("text", LEFT_IN_PEACE)
def test_ordinary_sentences_are_left_in_peace(text: str) -> None:
    assert find_giveaways(text, name="Mark Will", role="Sales") == []


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("Ask Anna about the analyser.", "Anna Berg", ["Anna"]),
        ("Anna Berg thinks so.", "Anna Berg", ["Anna Berg"]),
        ("The Berg plan.", "Anna Berg", ["Berg"]),
        ("We will mark the price up, may it be so.", "Will Mark", []),
        ("Will Mark decides.", "Will Mark", ["Will Mark"]),
        ("An iceberg of costs, Annabel says.", "Anna Berg", []),
        ("王伟 说", "王伟", ["王伟"]),
        ("We win.", "", []),
        ("Anna, and Anna again.", "Anna Berg", ["Anna"]),
    ],
)
def test_own_name_is_found_and_other_words_are_not(text: str, name: str, words: list[str]) -> None:
    assert [found.words for found in find_giveaways(text, name=name)] == words


@pytest.mark.parametrize(
    ("text", "role", "words"),
    [
        ("The CMO should own this.", "CMO", ["CMO"]),
        ("The chief marketing officer should own this.", "CMO", ["chief marketing officer"]),
        ("The CFO should own this.", "Chief Financial Officer", ["CFO"]),
        ("The CFO should own this.", "CMO", []),
        ("Sales must change.", "Sales", []),
        ("It is HR and IT that decide.", "IT", []),
        ("The head of sales decides.", "Head of Sales", ["head of sales"]),
        ("As CMO I decide.", "CMO", ["As CMO"]),
    ],
)
def test_own_role_is_found_when_it_is_a_title(text: str, role: str, words: list[str]) -> None:
    assert [found.words for found in find_giveaways(text, role=role)] == words


@given(st.text(max_size=400), st.text(max_size=30), st.text(max_size=30))
def test_any_text_name_and_role_will_do(text: str, name: str, role: str) -> None:
    for found in find_giveaways(text, name=name, role=role):
        assert found.words in text


def test_long_text_is_read_quickly() -> None:
    import time

    begun = time.perf_counter()
    find_giveaways("As the chief of of of my I run head of " * 500, name="Anna Berg", role="CFO")

    assert time.perf_counter() - begun < 2
