"""Calls, counted by the quarter of an hour and by the day, and the figures that follow."""
