"""Numbers, and when two of them are the same. Knows nothing of grading."""
