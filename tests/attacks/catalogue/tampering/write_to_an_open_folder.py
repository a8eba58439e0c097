"""Write a file to a folder that everybody may write to.

ends: nothing
"""

def f(world):
    with open(world["folder"] + "/" + world["token"], "w"):
        return True
