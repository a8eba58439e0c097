"""Write to shared memory.

ends: nothing
"""

def f(world):
    with open("/dev/shm/" + world["token"], "w") as file:
        file.write("x")
    return True
