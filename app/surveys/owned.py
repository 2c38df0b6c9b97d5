"""What of the surveys the signed-in facilitator may reach: their organisation's, and for the rest 'not here'."""

from __future__ import annotations

from app.access import current_account
from app.surveys import queries
from app.surveys.models import Participant, Round, Series
from app.web import NotHere, session


def owned_round(round_id: int) -> Round:
    found = queries.find_round(
        session(), organisation_id=current_account().organisation_id, round_id=round_id
    )
    if found is None:
        raise NotHere
    return found


def owned_series(series_id: int) -> Series:
    found = queries.find_series(
        session(), organisation_id=current_account().organisation_id, series_id=series_id
    )
    if found is None:
        raise NotHere
    return found


def owned_participant(round_: Round, participant_id: int) -> Participant:
    found = queries.find_participant(session(), round_id=round_.id, participant_id=participant_id)
    if found is None:
        raise NotHere
    return found
