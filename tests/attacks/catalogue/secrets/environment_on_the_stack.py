"""Look for tokens where the kernel put the environment when the process began: above the stack.

ends: nothing
"""

import ctypes
import sys
def f(world):
    arguments = ctypes.c_void_p.in_dll(ctypes.CDLL(None), "program_invocation_name").value
    environment = arguments + sum(len(argument) + 1 for argument in sys.orig_argv)
    return world["token"].encode() in ctypes.string_at(environment, 150)
