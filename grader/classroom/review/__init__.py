"""What an instructor does once a class is graded: publish, look at groups of answers, compare, answer disputes."""
