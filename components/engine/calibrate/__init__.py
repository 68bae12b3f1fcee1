"""Fitting the engine's constants to published measurements, and how far off they are where they were not fitted."""
