"""The laboratory: real booted hosts, on which every check of a host is seen right or explained. See `__main__`."""
