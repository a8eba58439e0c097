"""What functions are called with: draws, objects, and their simplest forms."""
