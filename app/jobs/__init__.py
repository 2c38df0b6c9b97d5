"""Background work as rows: enqueued in the transaction of the change that needs it, leased, retried, never lost."""
