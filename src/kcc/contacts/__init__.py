"""Contacts: what people ask, by which channel, and what came of it; the telephone exchange's calls."""
