"""The kennisbank: articles, revisions, Dutch search, feedback."""
