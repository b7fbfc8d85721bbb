"""When a practice locks itself: nobody touches it, the screen locks, the computer sleeps, somebody else signs in."""
