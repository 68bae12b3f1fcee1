"""Published measurements as the engine sees them: what was run, what the engine says of it, how far off it is."""
