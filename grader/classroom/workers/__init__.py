"""The processes that grade, here and on a cluster."""
