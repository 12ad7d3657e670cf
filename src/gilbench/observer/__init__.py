"""The instruments of a check: what watches calls of a function, never while it is timed."""
