"""`python -m grader` is `grade`."""

from __future__ import annotations

from grader.console import main

if __name__ == "__main__":  # a process that a class starts imports this module again
    main()
