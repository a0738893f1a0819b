"""Addresses on the web, as settings name them."""

from urllib.parse import SplitResult, urlsplit


def is_one(address: str) -> bool:
    """Whether a request can be sent there, by https or plain http: the answer proves itself."""
    return _parts(address) is not None


def is_sure(address: str) -> bool:
    """Whether nobody in between can listen or answer: https, or plain http on this machine."""
    parts = _parts(address)
    if parts is None:
        return False
    return parts.scheme == "https" or parts.hostname in ("localhost", "127.0.0.1", "::1")


def _parts(address: str) -> SplitResult | None:
    if not (address.isascii() and address.isprintable()) or " " in address:
        return None
    try:
        parts = urlsplit(address)
        is_whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if is_whole else None
