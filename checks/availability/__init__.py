"""Availability of services and hardware (standards i, l)."""
