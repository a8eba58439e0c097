"""Which statements of a function a result depends on, as the jailed child reads it from the source."""
