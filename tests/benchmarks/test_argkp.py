"""Key point analysis on a data set small enough to be done by hand."""

import doctest

import numpy as np
import pytest

from benchmarks import argkp

ARGUMENTS = "arg_id,argument,topic,stance\na0,red one,T,1\na1,red two,T,1\na2,blue one,T,1\na3,blue two,T,1\na4,red against,T,-1\n"
KEY_POINTS = "key_point_id,key_point,topic,stance\nk0,red point,T,1\nk1,blue point,T,1\nk2,grey point,T,-1\n"
LABELS = "arg_id,key_point_id,label\na0,k0,1\na1,k0,1\na2,k1,1\na2,k0,0\na3,k1,1\na4,k2,0\n"


def by_first_word(texts):
    first = np.array([text.split()[0] for text in texts])
    return (first[:, None] == first[None]).astype(float)


@pytest.fixture
def folder(tmp_path):
    part = tmp_path / "test_data"
    part.mkdir()
    for name, content in (("arguments", ARGUMENTS), ("key_points", KEY_POINTS), ("labels", LABELS)):
        (part / f"{name}_test.csv").write_text(content)
    return tmp_path


def test_labels_are_read_with_what_is_undecided(folder):
    (topic,) = argkp.read_topics(folder)
    assert topic.labels.tolist() == [[1, -1, -1], [1, -1, -1], [0, 1, -1], [-1, 1, -1], [-1, -1, 0]]


def test_a_judge_that_knows_the_points_is_told_from_one_that_knows_nothing(folder):
    topics = argkp.read_topics(folder)
    other, _ = argkp.pair_auc(topics, by_first_word)
    assert other == 1.0
    assert argkp.pair_auc(topics, lambda texts: np.ones((len(texts),) * 2))[0] == 0.5
    # Of the four arguments for it all find their point; the one against has no half to keep.
    assert argkp.matching(topics, by_first_word) == (0.5, 0.5)


def test_undecided_pairs_count_as_right_only_when_relaxed(folder):
    topics = argkp.read_topics(folder)
    swapped = argkp.matching(topics, lambda texts: -by_first_word(texts))
    assert swapped[0] < swapped[1]


def test_a_folder_without_the_data_is_refused(tmp_path):
    with pytest.raises(ValueError, match="arguments_test.csv"):
        argkp.read_topics(tmp_path)


def test_the_example_of_the_upper_half_holds():
    assert doctest.testmod(argkp).failed == 0
