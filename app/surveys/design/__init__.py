"""The facilitator designs a round: its questions, the library, templates, export and import."""
