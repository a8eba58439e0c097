"""Which lines of a student's own function matter: those a result depends on, and those it went round without an end."""
