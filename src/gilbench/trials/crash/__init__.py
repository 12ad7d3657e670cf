"""What one worker's failure takes along: scenes, each played in a process that may die of it.

`trial` asks for scenes, `sacrifice` has one played, and `__main__` is the process that plays it.
What is imported there costs every scene its time: next to nothing, until it is needed.
"""
