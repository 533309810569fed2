"""What is planned and expected: events that make people call, the roster, forecasts as they were made, and advice."""
