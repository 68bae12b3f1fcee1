"""In a process that finds this first: SIGUSR1 collects, and says how many blocks of memory Python still holds."""

from __future__ import annotations

import gc
import signal
import sys


def _say(*_: object) -> None:
    gc.collect()
    sys.stderr.write(f"blocks held: {sys.getallocatedblocks()}\n")
    sys.stderr.flush()


signal.signal(signal.SIGUSR1, _say)
