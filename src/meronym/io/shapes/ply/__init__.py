"""PLY, of meshes and points."""
