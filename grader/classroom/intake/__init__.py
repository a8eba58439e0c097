"""What a class folder holds: files, names, bundles."""
