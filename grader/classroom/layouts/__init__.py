"""One small module for each way in which a class's submissions come."""
