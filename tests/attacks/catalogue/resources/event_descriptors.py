"""Take kernel objects by descriptors: timers, events, polls.

ends: not allowed here
"""

from raw import call
def f(world):
    made = []
    for name, *args in (("eventfd2", 0, 0), ("timerfd_create", 0, 0), ("epoll_create1", 0), ("signalfd4", -1, bytes(8), 8, 0)):
        try:
            made.append(call(name, *args))
        except PermissionError as problem:
            error = problem
    return made or call("eventfd2", 0, 0)
