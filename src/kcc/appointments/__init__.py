"""Appointments: products, locations, counters, opening hours, availability, holds, bookings."""
