"""Ask for the answer of a function that nobody granted.

ends: raises TypeError
"""

from line import connection
def f(world):
    well, answer = connection()._ask("softmax", ([1.0],), {})
    if well:
        return answer
    raise TypeError(answer)
