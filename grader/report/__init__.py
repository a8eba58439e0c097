"""Reports: each format is a pure function of one Grade."""
