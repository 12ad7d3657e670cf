"""A workload and a backend for gilbench."""
