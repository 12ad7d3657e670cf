"""The conductor: turns a plan into samples, with hosts that measure."""
