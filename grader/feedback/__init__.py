"""Why points were lost, in words that teach."""
