"""The question: limits, axes, and the replicas they span."""
