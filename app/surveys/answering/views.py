from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("answering", __name__)
