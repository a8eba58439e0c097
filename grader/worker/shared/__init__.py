"""What both sides of the wall know: steps, messages, the wire."""
