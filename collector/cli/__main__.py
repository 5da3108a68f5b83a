"""`python -m collector.cli`, for processes that start each other."""

from __future__ import annotations

import sys

from collector.cli import main

sys.exit(main())
