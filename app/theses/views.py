from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("theses", __name__)
