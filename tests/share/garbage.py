"""Links that nobody means, each of 100 kB."""

GARBAGE = ("A" * 100_000, "~" * 100_000, "naive" + "~x.1" * 25_000, "*3C" * 33_000, "&s0=" * 25_000)
