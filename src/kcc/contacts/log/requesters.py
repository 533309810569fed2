"""Who asks: what is kept of them, and the key by which they are known again."""

from kcc.access.contact_details import keyed
from kcc.contacts.log.models import Contact
from kcc.contacts.log.schemas import Requester


def requester_key(secret_key: str, email: str | None, phone: str | None) -> str | None:
    """What tells a requester from others without telling who it is: by phone number, else by e-mail address.

    Both as `contact_details` writes them; None of somebody who gave neither.
    """
    if phone:
        return keyed(secret_key, phone)
    return keyed(secret_key, email.casefold()) if email else None


def put_requester(contact: Contact, requester: Requester, secret_key: str) -> None:
    """Make this the requester of a contact. The key of the call that it began with stays until a detail replaces it."""
    gave_details = contact.email or contact.phone
    contact.requester, contact.department = requester.kind, requester.department
    contact.name, contact.email, contact.phone = requester.name, requester.email, requester.phone
    key = requester_key(secret_key, requester.email, requester.phone)
    if key or gave_details:
        contact.requester_key = key
