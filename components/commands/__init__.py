"""What `python -m components` can do without a browser: evaluate, search, schema, predict, calibrate."""
