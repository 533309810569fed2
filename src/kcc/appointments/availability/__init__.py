"""When a visit can start: opening hours, what is taken and durations, as arithmetic. Pure."""
