"""What keeps the pages to this machine and their content to themselves: host names and response headers."""

from __future__ import annotations

from flask import Flask, Response, abort, request

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""A page of elsewhere that resolves its own name to this machine sends that name (DNS rebinding)."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def register(app: Flask) -> None:
    """Refuse foreign host names, and send every answer with the headers."""

    @app.before_request
    def check_host() -> None:
        if host_name(request.headers.get("Host", "")) not in LOCAL_HOSTS:
            abort(421)

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def host_name(host: str) -> str:
    """Return a Host header's name without its port, lower-case."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).lower()
