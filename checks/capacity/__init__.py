"""Capacity: processor, memory, disk, database and application (standard g)."""
