"""The sensor: reads hosts, judges locally, seals, spools, pushes.

One pipeline: host -> snapshot -> results -> report -> envelope -> spool -> push. Nothing ever travels back but policy.
"""
