"""Synthetic portal pages with the true place of every identifier on them. Nobody on them exists."""
