"""How many agents it takes, and what becomes of callers with so many: queueing theory, forecasts. Pure."""
