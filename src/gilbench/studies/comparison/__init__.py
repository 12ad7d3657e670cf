"""Processes and threads compared, a row per question: which of what is said of them holds here?"""
