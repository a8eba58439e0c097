"""`grade preview`: what a rubric asks, before anybody is asked."""
