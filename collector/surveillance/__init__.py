"""What follows from the ledger: state per server, findings as intervals, standards per provider, waivers."""
