"""The other process. It imports nothing of the rest of the package.

Imports among these files are relative, because the other process knows this package by another name: a submission
may well hold a module called `grader` of its own.
"""
