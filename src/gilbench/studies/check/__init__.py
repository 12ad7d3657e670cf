"""Does a function release the GIL, for what share of a call, and from which size on?"""
