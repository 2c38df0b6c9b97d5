from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_has_every_template_static_file_migration_and_weight(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"app/{path.relative_to(ROOT)}"
        for folder in ("templates", "migrations")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    } | {
        str(path.relative_to(ROOT))
        for path in (ROOT / "app").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted <= inside


def test_the_wheel_has_nothing_that_only_developers_need(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"app"}


INSTALLED = """
import sys
sys.path.insert(0, sys.argv[1])
import app
assert app.__file__.startswith(sys.argv[1]), app.__file__
from app import create_app
from app.config import Settings
from app.db import Database
from app.migrating import upgrade
from app.demo import services as demo
from sqlalchemy import select
from app.surveys.models import Round
settings = Settings.from_environment({"NINEFOLD_DATA": sys.argv[2]})
database = Database(settings.database_url)
upgrade(database)
demo.load_when_empty(database, settings)
client = create_app(settings, database).test_client()
page = client.get("/sign-in")
assert page.status_code == 200, page.status_code
assert b"stylesheet" in page.data
import re
for path in re.findall(rb'(?:href|src)="(/static/[^"]+)"', page.data):
    assert client.get(path.decode()).status_code == 200, path
token = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', page.data).group(1).decode()
from app.demo.content import MERROWBY
sent = client.post("/sign-in", data={"csrf_token": token, "email": MERROWBY.person(MERROWBY.facilitator).email,
                                     "password": demo.PASSWORD})
assert sent.status_code in (302, 303), sent.status_code
from app.worker import Worker
Worker(settings, database).run_until_idle()
with database.reading() as session:
    first = session.scalar(select(Round.id).order_by(Round.number))
report = client.get(f"/rounds/{first}/report")
assert report.status_code == 200
assert b"Nine executives" in report.data, report.data[:500]
print("served")
"""


@pytest.mark.model
def test_the_wheel_installed_elsewhere_serves_the_report(wheel: Path, tmp_path: Path) -> None:
    """Unpacked as pip does it, beside the dependencies that are installed here, and away from the checkout."""
    place = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
    done = subprocess.run(
        [sys.executable, "-c", INSTALLED, str(place), str(tmp_path / "data")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip().endswith("served"), done.stderr[-2000:]
