"""Goes into the child beside an attack: frames of its own making, on the line to the grader."""

import gc
import os
import struct

#: The body of a reply: True, and nothing printed.
VALUE = b"t\2\0\0\0Ts\0\0\0\0"


def connection():
    """The worker's own object, which knows the nonce of the question."""
    return next(thing for thing in gc.get_objects() if type(thing).__name__ == "Child" and hasattr(thing, "_nonce"))


def frame(nonce, position, body=VALUE, kind=13):
    return struct.pack("<IBI8s", len(body), kind, position, nonce) + body


def reply(nonce, position, body=VALUE, kind=13):
    left = frame(nonce, position, body, kind)
    while left:
        left = left[os.write(3, left) :]
