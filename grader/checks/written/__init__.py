"""Checks that an instructor writes in Python: a function that asks the student's functions, on our side of the wall."""
