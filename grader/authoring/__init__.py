"""For whoever writes an assignment: samples with expected grades, `grade verify`, `grade audit`."""
