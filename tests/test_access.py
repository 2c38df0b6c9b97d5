"""Who may reach what: one entry for every address of the product, and every address tried by everybody else.

A new route fails here until it has its entry. OWNER: the facilitator's organisation, for everybody else "not here".
RESPONDENT: whoever came by a personal link. SIGNED_IN: any facilitator. PUBLIC: everybody.
"""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.directory.models import DirectoryPerson
from app.models import metadata
from app.offsite.models import Meeting, Showing
from app.people.models import Account
from app.reports.models import Report
from app.running.models import Notice
from app.surveys.models import Round, SurveyTemplate
from app.surveys.observers import Observer
from tests import factories
from tests.pages import Browser

OWNER, RESPONDENT, SIGNED_IN, PUBLIC = "owner", "respondent", "signed in", "public"

ACCESS = {
    "static": PUBLIC,
    "healthz": PUBLIC,
    "readyz": PUBLIC,
    "languages.choose_language": PUBLIC,
    "people.start": PUBLIC,
    "people.sign_in": PUBLIC,
    "people.sign_out": PUBLIC,
    "people.account": SIGNED_IN,
    "surveys.home": SIGNED_IN,
    "surveys.new_round": SIGNED_IN,
    "surveys.show": OWNER,
    "surveys.progress": OWNER,
    "surveys.edit_round": OWNER,
    "design.questions": OWNER,
    "design.translations": OWNER,
    "design.change_title": OWNER,
    "design.new_question": OWNER,
    "design.question": OWNER,
    "design.remove_question": OWNER,
    "design.move_question": OWNER,
    "design.order_questions": OWNER,
    "design.previewed": OWNER,
    "design.library": OWNER,
    "design.export": OWNER,
    "design.import_survey": OWNER,
    "design.save_template": OWNER,
    "design.templates": SIGNED_IN,
    "design.delete_template": OWNER,
    "surveys.preview": OWNER,
    "surveys.discard": OWNER,
    "surveys.launch": OWNER,
    "surveys.extend": OWNER,
    "surveys.close": OWNER,
    "surveys.next_round": OWNER,
    "surveys.links_csv": OWNER,
    "surveys.participants": OWNER,
    "surveys.add_participants": OWNER,
    "surveys.edit_participant": OWNER,
    "surveys.remove_participant": OWNER,
    "surveys.reissue_link": OWNER,
    "surveys.pick_participants": OWNER,
    "surveys.keep_participants": OWNER,
    "surveys.make_links": OWNER,
    "surveys.show_tests": OWNER,
    "surveys.begin_test": OWNER,
    "surveys.delete_tests": OWNER,
    "directory.people": SIGNED_IN,
    "directory.add_person": SIGNED_IN,
    "directory.import_people": SIGNED_IN,
    "directory.edit_person": OWNER,
    "directory.mark_left": OWNER,
    "deliveries.mail": OWNER,
    "deliveries.invite": OWNER,
    "deliveries.remind": OWNER,
    "deliveries.example": OWNER,
    "deliveries.plan_reminders": OWNER,
    "deliveries.stop_reminders": OWNER,
    "deliveries.remind_one": OWNER,
    "deliveries.mark_bounced": OWNER,
    "deliveries.show_stop": RESPONDENT,
    "deliveries.stop_by_mail": RESPONDENT,
    "deliveries.undo_stop": RESPONDENT,
    "deliveries.retry": OWNER,
    "deliveries.send_test": OWNER,
    "deliveries.check_server": OWNER,
    "deliveries.show_outbox": SIGNED_IN,
    "deliveries.outbox_file": SIGNED_IN,
    "running.schedule_opening": OWNER,
    "running.cancel_opening": OWNER,
    "running.reopen": OWNER,
    "running.schedule": OWNER,
    "running.pause_schedule": OWNER,
    "running.end_schedule": OWNER,
    "running.dismiss_notice": OWNER,
    "observing.observers": OWNER,
    "observing.tell": OWNER,
    "observing.remove": OWNER,
    "observing.make_link": OWNER,
    "observing.observe": PUBLIC,
    "answering.begin": PUBLIC,
    "answering.resume": RESPONDENT,
    "answering.question": RESPONDENT,
    "answering.draft": RESPONDENT,
    "answering.all_questions": RESPONDENT,
    "answering.all_drafts": RESPONDENT,
    "answering.review": RESPONDENT,
    "answering.done": RESPONDENT,
    "answering.copy": RESPONDENT,
    "answering.forget": PUBLIC,
    "answering.forgotten": PUBLIC,
    "reports.report": OWNER,
    "reports.build_report": OWNER,
    "reports.report_document": OWNER,
    "reports.answers": OWNER,
    "reports.reveal": OWNER,
    "reports.rename_theme": OWNER,
    "reports.undo_edit": OWNER,
    "reports.edit_report": OWNER,
    "reports.make_edit": OWNER,
    "exports.menu": OWNER,
    "exports.report_pdf": OWNER,
    "exports.pack_pdf": OWNER,
    "exports.report_pptx": OWNER,
    "exports.report_xlsx": OWNER,
    "exports.answers_csv": OWNER,
    "exports.figure": OWNER,
    "exports.report_schema": PUBLIC,
    "exports.house_template": SIGNED_IN,
    "exports.remove_house_template": SIGNED_IN,
    "exports.readers": OWNER,
    "exports.end_reader_link": OWNER,
    "exports.begin_reading": PUBLIC,
    "exports.shared_report": RESPONDENT,
    "tracking.convergence": OWNER,
    "places.own_place": RESPONDENT,
    "comparing.rounds": OWNER,
    "comparing.groups": OWNER,
    "evidence.begin": RESPONDENT,
    "evidence.read": RESPONDENT,
    "evidence.done": RESPONDENT,
    "evidence.echo_check": OWNER,
    "evidence.end_echo_check": OWNER,
    "evidence.corrections": OWNER,
    "evidence.withdraw_correction": OWNER,
    "tracking.convergence_document": OWNER,
    "theses.thesis": OWNER,
    "offsite.begin": OWNER,
    "offsite.slide": OWNER,
    "offsite.presenter": OWNER,
    "offsite.state": OWNER,
    "offsite.draft_thesis": OWNER,
    "offsite.move": OWNER,
    "offsite.clock": OWNER,
    "offsite.hands": OWNER,
    "offsite.words": OWNER,
    "offsite.next_date": OWNER,
}


@pytest.fixture
def rounds(session: Session, facilitator: Account) -> list[Round]:
    """One of Mara's rounds in each state."""
    owner = facilitator.organisation_id
    made = [
        factories.draft_round(session, organisation_id=owner),
        factories.open_round(session, organisation_id=owner),
        factories.closed_round(session, organisation_id=owner, texts=["We win.", "We serve.", "We lead."]),
    ]
    assert all(round_.participants for round_ in made)
    session.add_all(
        [
            DirectoryPerson(organisation_id=owner, name="Anna Berg", identity="anna"),
            *(Observer(round_id=round_.id, name="Olga Stein", identity="olga") for round_ in made),
            *(
                Notice(
                    organisation_id=owner,
                    account_id=facilitator.id,
                    key=str(round_.id),
                    title="Open",
                    words=".",
                )
                for round_ in made
            ),
        ]
    )
    report = Report(round_id=made[2].id, input_hash="0" * 64, document={})
    session.add(report)
    session.flush()
    session.add(
        Meeting(
            round_id=made[2].id, report_id=report.id, showing=Showing.REHEARSAL, begun_by_id=facilitator.id
        )
    )
    session.add(SurveyTemplate(organisation_id=owner, name="Offsite", document={}))
    session.commit()
    return made


def addresses(app: Flask, rounds: list[Round], access: str) -> list[tuple[str, str]]:
    """(method, address) of every route with this access, for each of the rounds."""
    found = []
    with app.test_request_context():
        adapter = app.url_map.bind("")
        for rule in app.url_map.iter_rules():
            if ACCESS.get(rule.endpoint) != access:
                continue
            for round_ in rounds:
                ids = {
                    "round_id": round_.id,
                    "series_id": round_.series_id,
                    "participant_id": round_.participants[0].id,
                    "correction_id": 1,
                    "edit_id": 1,
                    "reader_id": 1,
                    "link_id": 1,
                    "person_id": 1,
                    "observer_id": 1,
                    "delivery_id": 1,
                    "notice_id": 1,
                    "meeting_id": 1,
                    "slide": "cover",
                    "position": 1,
                    "question_id": round_.questions[0].id,
                    "template_id": 1,
                    "number": 1,
                    "kind": "invitation",
                    "what": "move",
                    "key": "0" * 32,
                }
                address = adapter.build(rule.endpoint, {name: ids[name] for name in rule.arguments})
                found += [(method, address) for method in sorted((rule.methods or set()) & {"GET", "POST"})]
    return found


def test_every_route_says_who_may_reach_it(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == ACCESS.keys()


def test_outsider_reaches_nothing_of_another_organisation(
    app: Flask, outsider_browser: Browser, rounds: list[Round], session: Session
) -> None:
    before = snapshot(session)
    outsider_browser.get("/account")

    tried = addresses(app, rounds, OWNER)
    for method, address in tried:
        page = (
            outsider_browser.get(address, status=404)
            if method == "GET"
            else outsider_browser.post(address, status=404)
        )
        for person in rounds[0].participants:
            assert person.name not in page.text, (method, address)

    assert len(tried) > 60
    assert snapshot(session) == before


def test_stranger_is_asked_to_sign_in_first(
    app: Flask, browser: Browser, rounds: list[Round], session: Session
) -> None:
    before = snapshot(session)
    browser.get("/sign-in")

    for method, address in addresses(app, rounds, OWNER) + addresses(app, rounds[:1], SIGNED_IN):
        page = browser.get(address, status=302) if method == "GET" else browser.post(address, status=302)
        assert (page.location or "").startswith("/sign-in"), (method, address)

    assert snapshot(session) == before


def test_facilitator_reaches_no_respondents_page_without_a_link(
    app: Flask, facilitator_browser: Browser, rounds: list[Round], session: Session
) -> None:
    before = snapshot(session)
    facilitator_browser.get("/account")

    for method, address in addresses(app, rounds, RESPONDENT):
        if method == "GET":
            facilitator_browser.get(address, status=404)
        else:
            facilitator_browser.post(address, status=404)

    assert snapshot(session) == before


def snapshot(session: Session) -> dict[str, list[tuple[str, ...]]]:
    """Every row but those of who is signed in: what is refused may leave no trace."""
    session.commit()
    rows = {
        name: sorted(tuple(map(str, row)) for row in session.execute(select(table)))
        for name, table in metadata.tables.items()
        if name != "sign_ins"
    }
    session.commit()
    return rows
