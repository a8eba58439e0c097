"""Read the grader's memory through /proc/PID/mem.

ends: nothing
"""

def f(world):
    maps = open(f"/proc/{world['pid']}/maps").read()
    start = int(maps.partition("-")[0], 16)
    with open(f"/proc/{world['pid']}/mem", "rb") as memory:
        memory.seek(start)
        return memory.read(100)
