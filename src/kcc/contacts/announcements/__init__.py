"""Announcements: news for who helps people, shown from one moment to another, read once by each."""
