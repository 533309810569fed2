"""The plan: products, locations, counters and opening hours, kept by administrators."""
