from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.directory.pasting import MAX_IDENTITY, MAX_NAME, Pasted, decode_file, identity_of, read_pasted


def people(pasted: Pasted) -> list[tuple[str, str, str]]:
    return [(person.name, person.email, person.role) for person in pasted.people]


@pytest.mark.parametrize(
    ("line", "person"),
    [
        ("Anna Berg <anna@h.example>, CEO", ("Anna Berg", "anna@h.example", "CEO")),
        ("Anna Berg <Anna@H.example>", ("Anna Berg", "anna@h.example", "")),
        ("Anna Berg <anna@h.example> VP Sales, EMEA", ("Anna Berg", "anna@h.example", "VP Sales, EMEA")),
        ("Anna Berg <anna@h.example> - CEO", ("Anna Berg", "anna@h.example", "CEO")),
        ('"Berg, Anna" <anna@h.example>, CEO', ("Berg, Anna", "anna@h.example", "CEO")),
        ('"Berg, Anna", CEO', ("Berg, Anna", "", "CEO")),
        ('"Anna ""Annie"" Berg", CEO', ('Anna "Annie" Berg', "", "CEO")),
        ("Anna Berg, CEO", ("Anna Berg", "", "CEO")),
        ("Anna Berg", ("Anna Berg", "", "")),
        ("anna.berg@h.example", ("Anna Berg", "anna.berg@h.example", "")),
        ("<anna@h.example>", ("Anna", "anna@h.example", "")),
        ("Anna Berg, anna@h.example, CEO", ("Anna Berg", "anna@h.example", "CEO")),
        ("anna@h.example, Anna Berg, CEO", ("Anna Berg", "anna@h.example", "CEO")),
        ("Anna Berg; anna@h.example; CEO", ("Anna Berg", "anna@h.example", "CEO")),
        ("Anna Berg\tanna@h.example\tCEO, acting", ("Anna Berg", "anna@h.example", "CEO, acting")),
        ("Anna Berg\tCEO\tanna@h.example", ("Anna Berg", "anna@h.example", "CEO")),
        ("Anna Berg anna@h.example", ("Anna Berg", "anna@h.example", "")),
        ("  Anna\u00a0 Berg ,CEO  ", ("Anna Berg", "", "CEO")),
        ("عمر خالد <omar@h.example>, مدير", ("عمر خالد", "omar@h.example", "مدير")),
    ],
)
def test_a_line_names_a_person(line: str, person: tuple[str, str, str]) -> None:
    assert people(read_pasted(line)) == [person]


def test_a_mail_programs_line_names_several() -> None:
    pasted = read_pasted("Anna Berg <anna@h.example>; Ben Okafor <ben@h.example>; carla@h.example")

    assert [name for name, _email, _role in people(pasted)] == ["Anna Berg", "Ben Okafor", "Carla"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Anna <anna@>, CEO", "“anna@” is not a mail address."),
        ("Anna, anna@h, CEO", "“anna@h” is not a mail address."),
        (", CEO", "The name is missing."),
        (", anna@h.example, CEO", "The name is missing."),
        ("12345", "“12345” is not a name."),
        ('"Berg, Anna <anna@h.example>', "A quotation mark is opened and not closed."),
        ("a@h.example b@h.example, x", "There is more than one mail address on this line."),
        ("A" * (MAX_NAME + 1), "The name is longer than 200 characters."),
        ("Anna, " + "x" * 201, "The role is longer than 200 characters."),
    ],
)
def test_a_line_that_cannot_be_read_says_why(line: str, reason: str) -> None:
    pasted = read_pasted(f"Ben, CFO\n\n{line}\nCarla")

    assert [name for name, _email, _role in people(pasted)] == ["Ben", "Carla"]
    (refused,) = pasted.bad
    assert (refused.line, refused.text) == (3, line)
    assert reason in refused.reason


def test_somebody_named_twice_is_added_once() -> None:
    pasted = read_pasted("Anna <a@h.example>\nBen\nAnna Berg <A@H.example>\nben, CFO")

    assert len(pasted.people) == 2
    assert [(refused.line, refused.reason) for refused in pasted.duplicates] == [
        (3, "Anna Berg has the same mail address as line 1."),
        (4, "ben is on line 2 already."),
    ]


def test_somebody_on_the_list_is_not_added_again() -> None:
    pasted = read_pasted("Anna <a@h.example>", present={"a@h.example"})

    assert pasted.people == []
    assert pasted.duplicates[0].reason == "Anna is in this round already."


@pytest.mark.parametrize(
    "table",
    [
        "Role;E-Mail;Name\nCEO;anna@h.example;Anna Berg\nCFO;;Ben Okafor",
        "name,email,role\nAnna Berg,anna@h.example,CEO\nBen Okafor,,CFO",
        "\ufeffEMAIL\tTITLE\tNAME\r\nanna@h.example\tCEO\tAnna Berg\r\n\tCFO\tBen Okafor\r\n",
        'Last name,First name,Mail,Job title,Team\n"Berg",Anna,anna@h.example,CEO,9\nOkafor,Ben,,CFO,9\n,,,,',
    ],
)
def test_a_table_with_named_columns_is_read_in_any_order(table: str) -> None:
    pasted = read_pasted(table)

    assert people(pasted) == [("Anna Berg", "anna@h.example", "CEO"), ("Ben Okafor", "", "CFO")]
    assert pasted.heading is not None
    assert pasted.bad == []


def test_a_list_without_named_columns_loses_no_first_line() -> None:
    assert people(read_pasted("Anna Berg, CEO\nBen Okafor, CFO"))[0] == ("Anna Berg", "", "CEO")


def test_lines_beyond_the_room_are_named() -> None:
    pasted = read_pasted("Anna\nBen\nCarla", room=2)

    assert len(pasted.people) == 2
    assert pasted.bad[0].text == "Carla"
    assert "at most 1,000 people" in pasted.bad[0].reason


def test_what_could_not_be_read_is_given_back_as_it_was() -> None:
    assert read_pasted("Anna\n  bad@ , CEO\n,x").left_over == "  bad@ , CEO\n,x"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_read_however_it_is_encoded(encoding: str) -> None:
    assert decode_file("Zoë Müller,CEO".encode(encoding)) == "Zoë Müller,CEO"


def test_identity_is_the_address_or_the_name() -> None:
    assert identity_of(name="Anna", email="A@h.example") == "a@h.example"
    assert identity_of(name=" ANNA  Straße ", email="") == "anna strasse"
    assert len(identity_of(name="ß" * 200, email="")) <= MAX_IDENTITY


PIECES = st.sampled_from(
    [
        "Anna",
        "a@h.example",
        "b@h.example",
        "<",
        ">",
        ",",
        ";",
        "\t",
        '"',
        " ",
        "name",
        "email",
        "role",
        "@",
        "\x0b",
    ]
)
LINES = st.lists(st.one_of(st.lists(PIECES, max_size=8).map("".join), st.text(max_size=20)), max_size=8)


@given(LINES.map("\n".join), st.sets(st.sampled_from(["a@h.example", "anna"])), st.integers(0, 3))
@example('name\n"', set(), 3)
def test_whatever_is_pasted_every_line_is_accounted_for(text: str, present: set[str], room: int) -> None:
    pasted = read_pasted(text, present=present, room=room)

    heading = [pasted.heading] if pasted.heading else []
    named = {item.line for item in [*pasted.people, *pasted.bad, *pasted.duplicates, *heading]}
    lines = re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))
    said = {number for number, line in enumerate(lines, start=1) if any(map(str.isalnum, line))}
    assert said <= named <= set(range(1, len(lines) + 1))
    for refused in [*pasted.bad, *pasted.duplicates, *heading]:
        assert refused.text == lines[refused.line - 1]
        assert refused.reason
    identities = [person.identity for person in pasted.people]
    assert len(identities) == len(set(identities)) <= room
    assert not present & set(identities)
    assert all(person.name for person in pasted.people)


def test_a_line_of_one_long_word_is_read_at_once() -> None:
    began = time.process_time()
    read_pasted("a" * 100_000)
    read_pasted("a" * 100_000 + " b@h.example c@h.example")
    # Begun anew at each letter it took more than a minute.
    assert time.process_time() - began < 5
