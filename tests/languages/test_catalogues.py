"""Every sentence has its words in every language, and the words fit the sentence."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Message

from app.languages import LANGUAGES, SOURCE
from app.languages.extract import missing, read_catalogue, sentences

OTHERS = [code for code in LANGUAGES if code != SOURCE]
PLACES = re.compile(r"%\((\w+)\)s|(\{\w+\})")
TAGS = re.compile(r"</?(a|bdi|br|code|em|q|span|strong)\b")


def forms(words: object) -> list[str]:
    return [str(form) for form in words] if isinstance(words, (tuple, list)) else [str(words)]


def translated(code: str) -> list[Message]:
    return [message for message in read_catalogue(code) if message.id and all(forms(message.string))]


@pytest.mark.parametrize("code", OTHERS)
def test_no_sentence_lacks_words(code: str) -> None:
    assert list(missing(read_catalogue(code), sentences())) == []


@pytest.mark.parametrize("code", OTHERS)
def test_words_have_the_places_and_the_tags_of_the_sentence(code: str) -> None:
    wrong = []
    for message in translated(code):
        known = forms(message.id)
        # Of a sentence with a number, one form may leave the number out: "with one other person".
        places = [set(PLACES.findall(form)) for form in known]
        places += [place - {("n", ""), ("num", "")} for place in places[1:]] + [set.union(*places)]
        for form in forms(message.string):
            if set(PLACES.findall(form)) not in places:
                wrong.append(form)
            if sorted(TAGS.findall(form)) not in [sorted(TAGS.findall(each)) for each in known]:
                wrong.append(form)
    assert wrong == []


@pytest.mark.parametrize("code", OTHERS)
def test_words_begin_and_end_as_the_sentence_does(code: str) -> None:
    """A space at an end belongs to the sentence: it stands before a value, or parts it from the next one."""
    for message in translated(code):
        for known, form in zip(forms(message.id), forms(message.string), strict=False):
            assert (known[:1] == " ", known[-1:] == " ") == (form[:1] == " ", form[-1:] == " "), form


@pytest.mark.parametrize("code", OTHERS)
def test_a_plural_has_its_forms(code: str) -> None:
    catalogue = read_catalogue(code)
    for message in translated(code):
        if isinstance(message.id, (tuple, list)):
            assert len(forms(message.string)) == catalogue.num_plurals, message.id
