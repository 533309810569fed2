"""Targets: what a municipality promises, since when, and for what."""
