"""Gaussians, as 3D Gaussian splatting keeps them."""
