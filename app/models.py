"""Every table of the product in one import, for migrations and for whoever needs the whole schema."""

from app.db import Base
from app.deliveries import models as deliveries
from app.directory import models as directory
from app.evidence import models as evidence
from app.exports import models as exports
from app.jobs import models as jobs
from app.observing import models as observing
from app.offsite import models as offsite
from app.people import models as people
from app.reports import models as reports
from app.running import models as running
from app.surveys import models as surveys
from app.surveys import observers
from app.theses import models as theses
from app.tracking import models as tracking

__all__ = [
    "deliveries",
    "directory",
    "evidence",
    "exports",
    "jobs",
    "metadata",
    "observers",
    "observing",
    "offsite",
    "people",
    "reports",
    "running",
    "surveys",
    "theses",
    "tracking",
]

metadata = Base.metadata
