"""What can be wrong with a rubric whose reference and samples are right: truths that are noise, answers by chance."""
