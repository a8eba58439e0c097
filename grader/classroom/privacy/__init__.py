"""One student's data: found, given back, erased, hidden."""
