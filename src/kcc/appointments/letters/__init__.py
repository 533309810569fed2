"""What residents are sent about their appointments."""
