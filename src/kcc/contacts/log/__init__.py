"""The contact log: contacts, their questions, and what came of each."""
