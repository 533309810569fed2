"""Contacts join calls: which call a phone contact was about, when nobody said so."""
