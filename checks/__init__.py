"""What is checked, and why.

A check is a pure function over typed facts. This package declares the sources that facts are read from, the parsers,
the checks, and the 17 standards they stand under; it never reads anything itself.

Laws:
- No I/O, no clock, no environment (the TOML of `checks/standards/` is package data, read by `standard.load`).
- Importing a module of facts or checks has no effect. `catalogue()` finds the objects by walking the folders.
- Unknown is never a pass; neither is empty.
"""

VERSION = "0.1.0"  # of the whole product; a test holds it to pyproject.toml
SOFTWARE = f"pantau {VERSION}"  # as reports name what judged them
