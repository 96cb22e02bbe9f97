"""3MF, for 3D printing."""
