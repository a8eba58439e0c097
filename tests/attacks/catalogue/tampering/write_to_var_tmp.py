"""Write where temporary files stay.

ends: nothing
"""

def f(world):
    with open("/var/tmp/" + world["token"], "w") as file:
        file.write("x")
    return True
