"""Service levels: what is measured, exactly how, and what it takes to reach the targets."""
