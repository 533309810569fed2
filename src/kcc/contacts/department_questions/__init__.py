"""Questions to a department about an article or a topic: asked by an agent, answered by a link in a mail."""
