"""The team lead's pages. What stands on the report is a section a file."""
