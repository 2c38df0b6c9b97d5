"""Invitations and reminders by mail: built and sent in the worker, one row for each person and mail."""
