"""The town hall of appointments, whose waits are measured here."""

from tests.appointments.conftest import agent, desk, hall, options, settings

__all__ = ["agent", "desk", "hall", "options", "settings"]
