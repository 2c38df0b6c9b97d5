"""What nine answers say."""

from app.analysis.divergence import analyse
from app.analysis.encoder import ModelNotTrusted, VectorCache
from app.analysis.judge import Judge, PairJudgements, default_judge
from app.analysis.result import Analysis, Tracking

__all__ = [
    "Analysis",
    "Judge",
    "ModelNotTrusted",
    "PairJudgements",
    "Tracking",
    "VectorCache",
    "analyse",
    "default_judge",
]
