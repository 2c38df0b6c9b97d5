"""A client that checks what every page must satisfy, whatever a test is about."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from werkzeug.test import TestResponse

from app.people.models import Account
from tests.factories import PASSWORD

XHTML = "{http://www.w3.org/1999/xhtml}"


class Page:
    """One answer of the server, parsed strictly where it is a page."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.text = response.get_data(as_text=True)
        response.close()  # a static file is otherwise left open
        self.location = response.headers.get("Location")
        self.root: Element | None = None
        if response.mimetype == "text/html" and not 300 <= self.status < 400:
            self.root = html5lib.HTMLParser(strict=False).parse(self.text)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Every element of this kind with these attributes (class_ for class: one of its classes)."""
        assert self.root is not None, "this answer is not a page"
        found = []
        for element in self.root.iter(f"{XHTML}{tag}"):
            wanted_class = attributes.get("class_")
            if wanted_class and wanted_class not in element.get("class", "").split():
                continue
            if all(element.get(key) == value for key, value in attributes.items() if key != "class_"):
                found.append(element)
        return found

    def one(self, tag: str, **attributes: str) -> Element:
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} <{tag}> with {attributes}, wanted one"
        return found[0]

    @property
    def heading(self) -> str:
        return words(self.one("h1"))

    @property
    def main(self) -> str:
        """What a person reads in the page's main part."""
        return words(self.one("main"))

    @property
    def links(self) -> list[str]:
        return [link.get("href", "") for link in self.all("a")]

    @property
    def csrf_token(self) -> str:
        fields = self.all("input", name="csrf_token")
        assert fields, "no form with a CSRF token on this page"
        return fields[0].get("value", "")


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


class Browser:
    """Fetches pages and sends forms as a person's browser does, CSRF token included."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()
        self._token = ""

    def sign_in(self, account: Account, password: str = PASSWORD) -> Browser:
        self.get("/sign-in")
        page = self.post("/sign-in", {"email": account.email, "password": password})
        assert page.status == 302, page.text
        return self

    def get(self, path: str, status: int = 200, **options: Any) -> Page:
        page = Page(self.client.get(path, **options))
        assert page.status == status, f"GET {path} gave {page.status}, wanted {status}"
        return self._checked(page)

    def post(
        self, path: str, form: dict[str, Any] | None = None, status: int | None = None, **options: Any
    ) -> Page:
        """Send a form with the CSRF token of the page fetched last."""
        data = {"csrf_token": self._token} | (form or {})
        page = Page(self.client.post(path, data=data, **options))
        if status is not None:
            assert page.status == status, f"POST {path} gave {page.status}, wanted {status}"
        return self._checked(page)

    def follow(self, page: Page, status: int = 200) -> Page:
        assert page.location is not None, "no redirect to follow"
        return self.get(page.location, status=status)

    def _checked(self, page: Page) -> Page:
        assert page.response.headers["Content-Security-Policy"].startswith("default-src 'none'")
        if page.root is None:
            return page
        _check_page(page)
        tokens = page.all("input", name="csrf_token")
        if tokens:
            self._token = tokens[0].get("value", "")
        return page


def _check_page(page: Page) -> None:
    assert page.root is not None
    if "<html" not in page.text:
        return  # a fragment for an open page
    assert len(page.all("h1")) == 1, "a page has exactly one h1"
    assert len(page.all("main")) == 1, "a page has exactly one main"
    assert words(page.one("title")).strip(), "a page has a title"
    ids = [element.get("id") for element in page.root.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), f"ids are unique, not {sorted(i for i in ids if ids.count(i) > 1)}"
    for element in page.root.iter():
        assert element.get("style") is None, "no inline style"
        assert not any(name.startswith("on") for name in element.keys()), "no inline script"  # noqa: SIM118
    for script in page.all("script"):
        assert script.get("src"), "no inline script"
    labelled = {label.get("for") for label in page.all("label")}
    for tag in ("input", "select", "textarea"):
        for field in page.all(tag):
            if field.get("type") in {"hidden", "submit"}:
                continue
            has_label = field.get("id") in labelled or field.get("aria-label") or field.get("aria-labelledby")
            assert has_label, f"<{tag} name={field.get('name')}> has a label"
    for form in page.all("form"):
        if form.get("method", "get").lower() == "post":
            assert any(child.get("name") == "csrf_token" for child in form.iter()), (
                "a form has its CSRF token"
            )
