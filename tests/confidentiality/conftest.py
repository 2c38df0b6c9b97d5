from __future__ import annotations

from tests.deliveries.conftest import mailing, mailing_app, mara, port, post, worker
from tests.reports.conftest import judge

__all__ = ["judge", "mailing", "mailing_app", "mara", "port", "post", "worker"]
