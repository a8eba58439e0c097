"""Start a pool of processes.

ends: nothing
"""

import multiprocessing
def f(world):
    with multiprocessing.get_context("fork").Pool(2) as pool:
        return pool.map(abs, [1])
