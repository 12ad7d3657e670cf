"""Compiled here from ext/: kernels, gate, meter, native threads. Functions and capsules only."""
