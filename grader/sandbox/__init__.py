"""The trusted side of the wall: start the other process, talk to it, time it, end it. `sandbox.py` is the door."""
