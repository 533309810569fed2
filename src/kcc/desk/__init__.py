"""The agent's screen: composes the other capabilities; has no tables."""
