"""Students: 3D networks that are distilled from the answers of teachers."""
