"""The child process that measures, so that a crash or a hang there never ends the run."""
