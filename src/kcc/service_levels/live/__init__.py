"""The wallboard: how the contact centre and the halls are doing now."""
