"""One file a protocol; each speaks to one other kind of system."""
