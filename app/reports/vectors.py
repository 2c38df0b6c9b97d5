"""Vectors kept in the database, so that no text is encoded twice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from app.db import Database
from app.reports.models import Vector

Vectors = NDArray[np.float32]
CHUNK = 500  # SQLite allows a limited number of bound values


class StoredVectors:
    """The analysis package's `VectorCache`, on our own table. Each call is a short transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, fingerprint: str, hashes: Sequence[str]) -> dict[str, Vectors]:
        found: dict[str, Vectors] = {}
        with self._database.reading() as session:
            for start in range(0, len(hashes), CHUNK):
                rows = session.execute(
                    select(Vector.text_hash, Vector.values).where(
                        Vector.fingerprint == fingerprint, Vector.text_hash.in_(hashes[start : start + CHUNK])
                    )
                )
                found |= {text_hash: np.frombuffer(values, dtype="<f4") for text_hash, values in rows}
        return found

    def put(self, fingerprint: str, vectors: dict[str, Vectors]) -> None:
        rows = [
            {"fingerprint": fingerprint, "text_hash": text_hash, "values": vector.astype("<f4").tobytes()}
            for text_hash, vector in vectors.items()
        ]
        if not rows:
            return
        insert = sqlite.insert if self._database.is_sqlite else postgresql.insert
        with self._database.writing() as session:
            # Two workers may encode the same text at once; either vector is as good.
            session.execute(insert(Vector).on_conflict_do_nothing(), rows)
