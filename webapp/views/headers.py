"""Response headers that keep a browser from doing what Baton never asks of it."""

from flask import Response, request

from webapp.context import settings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HARDENING = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}
ONE_YEAR = "max-age=31536000; includeSubDomains"


def harden(response: Response) -> Response:
    """Add the security headers; keep everything personal out of shared caches."""
    for name, value in HARDENING.items():
        response.headers.setdefault(name, value)
    if settings().is_secure:
        response.headers.setdefault("Strict-Transport-Security", ONE_YEAR)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "private, no-store")
    return response
