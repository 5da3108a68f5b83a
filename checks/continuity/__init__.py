"""Backups, recovery, power (standard l)."""
