"""The calls, questions, visits and callbacks that a figure was counted from."""
