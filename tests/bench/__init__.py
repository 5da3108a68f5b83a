"""The budgets of DESIGN 11, measured: figures with their budgets, never asserted. `make bench`."""
