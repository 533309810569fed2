"""Callbacks: the promise that a department calls somebody back, and what becomes of it."""
