"""Four Layers: what stands between the pages and the tables of facts."""

VERSION = "1.0.0"
"""Of the product, as in pyproject.toml."""
