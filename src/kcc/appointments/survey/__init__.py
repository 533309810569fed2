"""After the visit: one question, by a link in a mail or at the kiosk. Nobody's answer can be told from another's."""
