"""The hall on the day: visitors arrive, are called, are served and leave."""
