"""A rubric: its records, and the reader that finds every problem at once."""
