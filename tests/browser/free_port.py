"""A port on this machine that nobody listens on."""

import socket


def free_port() -> int:
    """Return it; the operating system gives no two the same within a short time."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
