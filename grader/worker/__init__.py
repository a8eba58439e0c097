"""The other process. It imports nothing of the rest of the package."""
