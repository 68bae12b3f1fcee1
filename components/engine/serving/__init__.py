"""Replicas under load: queues, batches, how many replicas a peak needs, what their users see."""
