"""One hypothesis profile for all tests: the same draws at every run, on a machine however busy.

`HYPOTHESIS_PROFILE=nightly` draws afresh; a failure then prints the blob that repeats it.
"""

from __future__ import annotations

import os
import tempfile

from hypothesis import HealthCheck, settings

settings.register_profile(
    "gate", deadline=None, derandomize=True, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("nightly", settings.get_profile("gate"), derandomize=False)
# What the app saves in tests stays out of the home of who runs them.
os.environ.setdefault("FOUR_LAYERS_DATA", tempfile.mkdtemp(prefix="four-layers-"))
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))
