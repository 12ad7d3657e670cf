"""Shows findings, the machine and the catalogue to people. Lays out, and never computes."""
