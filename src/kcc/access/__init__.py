"""Who may do what: accounts, roles, sessions, API tokens."""
