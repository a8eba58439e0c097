"""The trusted side of the other process: start it, talk to it, time it, end it. `grader.sandbox` is the door."""
