"""What is made of a store: reports, the gradebook, releases."""
