"""The stages of a batch, in the order in which `run` calls them."""
