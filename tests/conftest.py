"""One hypothesis profile for all tests: the same draws at every run, on a machine however busy.

`HYPOTHESIS_PROFILE=nightly` draws afresh; a failure then prints the blob that repeats it.
"""

from __future__ import annotations

import functools
import os
import tempfile

from hypothesis import HealthCheck, settings
from streamlit.components.v2 import manifest_scanner

settings.register_profile(
    "gate", deadline=None, derandomize=True, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("nightly", settings.get_profile("gate"), derandomize=False)
# What the app saves in tests stays out of the home of who runs them.
os.environ.setdefault("FOUR_LAYERS_DATA", tempfile.mkdtemp(prefix="four-layers-"))
# AppTest looks through every installed package for components at each start: 0.7 s, the same each time.
manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))
