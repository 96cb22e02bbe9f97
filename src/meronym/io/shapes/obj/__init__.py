"""Wavefront OBJ with its materials."""
