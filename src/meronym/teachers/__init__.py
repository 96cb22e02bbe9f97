"""Teachers: 2D models that say where a prompt is in a picture."""
