"""The ledger: every accepted envelope, in order, durably, before it is acknowledged. The truth of the collector."""
