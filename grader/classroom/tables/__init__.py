"""CSV files that people and LMSs write."""
