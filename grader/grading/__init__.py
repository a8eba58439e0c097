"""From a submission's answers to its points."""
