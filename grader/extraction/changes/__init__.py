"""Small changes of a student's own function, by its syntax tree: those that may make it right, most likely first."""
