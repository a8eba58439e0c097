"""An assignment as questions and truths, made once for a whole class."""
