"""Slips that one repair may mend: the fixed list of repairs that are tried, as edits of the student's own lines."""
