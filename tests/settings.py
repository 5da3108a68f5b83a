"""Django settings of the tests: the product's own, with a state directory and a test database that vanish with the run.

The engine is SQLite in a file (threads of one process share it, as in production), or what PANTAU_COLLECTOR_DATABASE names.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "PANTAU_COLLECTOR_STATE" not in os.environ:
    STATE = tempfile.mkdtemp(prefix="pantau-tests-")
    os.environ["PANTAU_COLLECTOR_STATE"] = STATE
    atexit.register(shutil.rmtree, STATE, ignore_errors=True)

from collector.settings import *  # noqa: F403
from collector.settings import CONFIG, DATABASES

if not CONFIG.database:
    DATABASES["default"]["TEST"] = {"NAME": str(Path(CONFIG.state) / "test.db")}
