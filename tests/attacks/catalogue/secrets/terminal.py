"""Read from the terminal of whoever runs the grader.

ends: nothing
"""

def f(world):
    return open("/dev/tty").name
