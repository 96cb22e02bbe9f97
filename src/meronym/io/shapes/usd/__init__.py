"""Universal Scene Description."""
