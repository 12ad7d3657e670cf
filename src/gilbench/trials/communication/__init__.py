"""How workers hand data to each other: a round trip and a stream through each kind of channel."""
