"""Never read, so that the grader's messages pile up.

ends: timeout
"""

import time
from line import connection
def f(world):
    connection()._connection.receive = lambda: time.sleep(3600)
    return True
def g(world):
    pass
