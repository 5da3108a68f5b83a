"""How to reach a host. What to know about it stands in `checks/facts/`."""
