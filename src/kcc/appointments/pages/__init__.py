"""The resident's pages: book in five steps, see and change one's own appointment."""
