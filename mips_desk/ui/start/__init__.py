"""What is on the screen while no practice is open: welcome, unlock, first run."""
