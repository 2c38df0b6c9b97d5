"""What nine answers say: pure functions from texts to numbers.

Nothing here knows about the web, the database or any other part of the product, and importing this
package costs milliseconds: torch and sentence-transformers are loaded by the first encoding only.

    analyse(texts, judge=default_judge())   one round        -> result.Analysis
    compare_rounds(rounds, judge=...)       several rounds   -> result.Tracking
"""

from app.analysis.change import Round, compare_rounds
from app.analysis.divergence import analyse
from app.analysis.encoder import ModelNotTrusted, VectorCache
from app.analysis.judge import Judge, PairJudgements, default_judge
from app.analysis.result import Analysis, Tracking

__all__ = [
    "Analysis",
    "Judge",
    "ModelNotTrusted",
    "PairJudgements",
    "Round",
    "Tracking",
    "VectorCache",
    "analyse",
    "compare_rounds",
    "default_judge",
]
