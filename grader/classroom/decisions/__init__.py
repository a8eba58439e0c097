"""What people decide about a class's grades, in CSV files in OUT/decisions: read, and applied on top of the grades.

Nothing is graded again for it: the store keeps what the grader found, and a decision is applied wherever a score leaves
the store, to a report, the gradebook or a release. So decisions survive grading again.
"""
