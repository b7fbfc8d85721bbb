"""Capture of the screen: where pictures of it come from, the overlay on which a region is chosen, and the way there."""
