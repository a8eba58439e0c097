"""Write to the current folder.

ends: nothing
"""

def f(world):
    with open("" + world["token"], "w") as file:
        file.write("x")
    return True
