"""A mail server beside the worker, for what happens by the clock."""

from tests.deliveries.conftest import mailing, mailing_app, mara, port, post, worker

__all__ = ["mailing", "mailing_app", "mara", "port", "post", "worker"]
