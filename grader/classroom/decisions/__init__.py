"""What people decide about a class's grades, in files in OUT/decisions: read, and applied on top of the grades.

Nothing is graded again for it, but for a repaired copy, which takes the place of a submission: the store keeps what the
grader found, and a decision is applied wherever a score leaves the store, to a report, the gradebook or a release. So
decisions survive grading again.
"""
