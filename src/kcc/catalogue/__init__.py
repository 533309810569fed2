"""What several capabilities name: departments, topics, UPL names, dated fees."""
