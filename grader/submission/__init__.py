"""Reading what was handed in, as bytes from strangers: folders, archives, notebooks, encodings."""
