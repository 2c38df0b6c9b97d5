"""The JSON file against its schema: real reports fit, broken ones do not, and no key of a report goes unexplained."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema
import pytest
from sqlalchemy.orm import Session

from app.exports.views import SCHEMA
from app.people.models import Account
from app.surveys.models import Confidentiality
from tests.exports.conftest import TEXTS, Build, Built, make, sqlite
from tests.exports.test_sections import with_every_kind
from tests.pages import Browser

VALIDATOR = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def file_of(browser: Browser, built: Built) -> dict[str, Any]:
    made = json.loads(browser.client.get(f"/rounds/{built.round_id}/report.json").data)
    assert isinstance(made, dict)
    return made


@sqlite
@pytest.mark.parametrize("mode", list(Confidentiality))
@pytest.mark.parametrize("texts", [TEXTS, TEXTS[:1], ["", "n/a", *TEXTS]], ids=["six", "one", "unread"])
def test_the_file_of_any_report_fits_its_schema(
    facilitator_browser: Browser,
    session: Session,
    facilitator: Account,
    build: Build,
    mode: Confidentiality,
    texts: list[str],
) -> None:
    built = make(session, facilitator, build, texts, mode)
    VALIDATOR.validate(file_of(facilitator_browser, built))


@sqlite
def test_a_report_with_every_kind_of_question_fits_and_every_key_is_explained(
    facilitator_browser: Browser, built: Built
) -> None:
    with_every_kind(built)
    document = file_of(facilitator_browser, built)
    VALIDATOR.validate(document)
    unknown = sorted(unexplained(document, VALIDATOR.schema))
    assert not unknown, f"app/exports/schemas/ninefold.report-1.json says nothing of {unknown}"


@sqlite
@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("analysis", "agreement", "estimate"), "high"),
        (("analysis", "belonging", 0, 1), 1.2),
        (("round", "confidentiality"), "anonymous"),
        (("statements", 0, "text"), None),
        (("questions", 0, "kind"), "essay"),
    ],
)
def test_a_document_that_is_wrong_does_not_fit(
    facilitator_browser: Browser, built: Built, path: tuple[str | int, ...], value: object
) -> None:
    document = copy.deepcopy(file_of(facilitator_browser, built))
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(document)


def unexplained(value: Any, schema: Any, path: str = "") -> set[str]:
    """Keys that stand in the document and not in the schema; objects that it leaves open are not looked into."""
    schema = described(schema, value)
    if isinstance(value, dict) and "properties" in schema:
        found = {f"{path}.{key}".strip(".") for key in value if key not in schema["properties"]}
        for key in value.keys() & schema["properties"].keys():
            found |= unexplained(value[key], schema["properties"][key], f"{path}.{key}")
        return found
    if isinstance(value, list) and isinstance(schema.get("items"), dict):
        return set().union(*(unexplained(each, schema["items"], f"{path}[]") for each in value))
    return set()


def described(schema: Any, value: Any) -> Any:
    """Through references, and to the one of several that is not null."""
    while "$ref" in schema or "anyOf" in schema:
        if "$ref" in schema:
            schema = VALIDATOR.schema["$defs"][schema["$ref"].rsplit("/", 1)[1]]
        else:
            schema = next(each for each in schema["anyOf"] if each.get("type") != "null")
    return schema
