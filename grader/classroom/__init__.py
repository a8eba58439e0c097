"""A whole class: read its folder as it came, grade it on every core, keep every result, write what people need."""
