"""Office files are zip archives with the time of writing all over them; the same report must be the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime

# The earliest time that a zip archive can hold.
_BEGINNING = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_WRITTEN = re.compile(rb"(<dcterms:(created|modified)\b[^>]*>)[^<]*(</dcterms:)")


def with_fixed_times(archive: bytes, *, written_at: datetime) -> bytes:
    """The same archive, its entries without times and its document properties with the time of the report.

    Charts in a presentation carry workbooks: archives in the archive, treated alike.
    """
    moment = written_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as before, zipfile.ZipFile(made, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name.endswith(".xlsx"):
                content = with_fixed_times(content, written_at=written_at)
            elif name == "docProps/core.xml":
                content = _WRITTEN.sub(rb"\g<1>" + moment + rb"\g<3>", content)
            entry = zipfile.ZipInfo(name, date_time=_BEGINNING)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = _UNIX
            entry.external_attr = 0o600 << 16
            after.writestr(entry, content)
    return made.getvalue()
