"""Trials for `io-bound`. Workers import this package too, and no more of it than they need."""
