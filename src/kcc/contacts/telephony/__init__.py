"""Telephony intake: what the telephone exchange says, kept as events and read as calls."""
