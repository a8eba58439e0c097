"""The commands on a class: options in, lines out."""
