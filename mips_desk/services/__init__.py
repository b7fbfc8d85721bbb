"""The things a person can do: choose, capture, annotate, log a use, export. No Qt; each write is one transaction."""
