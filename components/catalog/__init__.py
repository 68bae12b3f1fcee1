"""Facts: typed records, the loader of data/ and the choice of a price. Knows no formula and no screen."""
