"""Read the environment of this and other processes in /proc.

ends: nothing
"""

def f(world):
    found = []
    for pid in ("self", "1", str(world["pid"]), "thread-self"):
        try:
            found.append(open(f"/proc/{pid}/environ", "rb").read())
        except OSError:
            pass
    return [text for text in found if text]
