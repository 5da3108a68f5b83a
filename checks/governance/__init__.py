"""Assets, changes and the health of surveillance itself (standards c, f, q)."""
