"""Grades go out: releases, an LMS's gradebook, feedback."""
