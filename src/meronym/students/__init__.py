"""Students: 3D networks that learn what teachers say of pictures."""
