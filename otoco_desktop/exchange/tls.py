"""The one TLS context: certificates and host names are always checked, and no environment switch applies."""

from __future__ import annotations

import ssl

import certifi


def bare_context() -> ssl.SSLContext:
    """A context that trusts nobody: for plain loopback addresses, which never use it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def trusting_context() -> ssl.SSLContext:
    """A context that trusts the public authorities. Reading them takes tens of milliseconds.

    Made by hand because the ready-made ones write session keys to the file that SSLKEYLOGFILE names.
    """
    context = bare_context()
    context.load_verify_locations(certifi.where())
    return context
