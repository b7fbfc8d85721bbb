"""What a capture is made of, without taking one: intake of pictures, screen geometry, permission states. No Qt."""
