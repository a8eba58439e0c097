"""The one place that keeps a class: results, bytes, roster."""
