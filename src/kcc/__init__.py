"""kcc: the service a Dutch municipality's contact centre runs on."""

__version__ = "0.1.0"
