"""What replicas and offers come to: at peak, in money, against the limits."""
