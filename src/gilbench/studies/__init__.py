"""Studies: one question each, with a plan, its analysis and its findings."""
