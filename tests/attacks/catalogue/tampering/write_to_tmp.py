"""Write a temporary file.

ends: nothing
"""

def f(world):
    with open("/tmp/" + world["token"], "w") as file:
        file.write("x")
    return True
