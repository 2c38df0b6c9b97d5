"""Is this file a PowerPoint presentation that slides can be made on? Each refusal is one sentence that helps."""

from __future__ import annotations

import io
import zipfile

from app.languages import gettext as _
from app.languages import lazy_gettext as _l

MOST_BYTES = 8 * 1024 * 1024
# Unpacked: a few kilobytes can unpack to gigabytes.
MOST_UNPACKED = 120 * 1024 * 1024
MOST_FILES = 3_000
_PRESENTATION = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"


class TemplateRefused(Exception):
    """This file cannot serve; the message says why and what to do."""


def check(content: bytes) -> None:
    """Raises TemplateRefused unless the file can serve: proven by making a slide of each kind on it."""
    if len(content) > MOST_BYTES:
        raise TemplateRefused(
            _(
                "This file is larger than 8 MB. Delete its slides and pictures, keep the layouts, and try again."
            )
        )
    if not content:
        raise TemplateRefused(_("Choose a file first."))
    _check_archive(content)
    _check_slides(content)


def _check_archive(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise TemplateRefused(
                    _("This file unpacks to far too much. Keep its layouts and delete the rest.")
                )
            names = {entry.filename for entry in entries}
            if "[Content_Types].xml" not in names:
                raise TemplateRefused(_NOT_POWERPOINT)
            kinds = archive.read("[Content_Types].xml")
            links = [archive.read(name) for name in names if name.casefold().endswith(".rels")]
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError) as problem:
        raise TemplateRefused(_NOT_POWERPOINT) from problem
    if any(name.casefold().endswith("vbaproject.bin") for name in names):
        raise TemplateRefused(
            _("This file contains macros. Save it as a presentation without macros (.pptx).")
        )
    if b"<!DOCTYPE" in kinds or _PRESENTATION not in kinds:
        raise TemplateRefused(_NOT_POWERPOINT)
    if any(_fetches(each) for each in links):
        raise TemplateRefused(
            _(
                "Whoever opened a presentation made on this file would fetch something from elsewhere: a linked picture, "
                "film or table. Insert it into the file instead of linking it, and try again."
            )
        )


def _fetches(links: bytes) -> bool:
    """Is something opened with the presentation that does not lie in it? A link in a text waits until it is clicked."""
    from lxml import etree

    try:
        found = etree.fromstring(links, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as problem:
        raise TemplateRefused(_NOT_POWERPOINT) from problem
    return any(
        link.get("TargetMode", "Internal") != "Internal"
        and not link.get("Type", "").endswith("/relationships/hyperlink")
        for link in found.iter("{*}Relationship")
    )


_NOT_POWERPOINT = _l(
    "This is not a PowerPoint presentation. Save it as a presentation (.pptx), not as a template (.potx)."
)


def _check_slides(content: bytes) -> None:
    from app.exports.content import Text
    from app.exports.deck import Opening, Slide, Words
    from app.exports.layouts import NoLayout
    from app.exports.slides import draw

    try:
        draw(
            [Slide("Title", Opening("Subtitle")), Slide("Title", Words((Text("Words"),)), notes="Notes")],
            template=content,
        )
    except NoLayout as problem:
        raise TemplateRefused(
            _("No layout in this file has a title. Add one under “Slide Master” and try again.")
        ) from problem
    except Exception as problem:
        # A file made by a stranger can fail anywhere in the library; all that is to be said is that it does.
        raise TemplateRefused(
            _(
                "PowerPoint may open this file, but no slide could be made on it. Save it anew as .pptx and try again."
            )
        ) from problem
