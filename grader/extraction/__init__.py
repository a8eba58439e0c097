"""From source text to the statements that the required functions need: the steps of `extract.py`."""
