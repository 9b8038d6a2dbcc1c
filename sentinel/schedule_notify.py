"""Tells systemd that the daemon is ready, lives, stops. Without systemd it does nothing."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from time import CLOCK_MONOTONIC, clock_gettime_ns

__all__ = ["notify", "watchdog_seconds"]


def notify(**facts: str | int) -> bool:
    """Send facts such as ``READY=1`` to the socket that systemd named; whether there is one.

    A lost message is no reason to stop: the watchdog sees to it.
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return False
    if "RELOADING" in facts:  # systemd wants to know since when
        facts["MONOTONIC_USEC"] = clock_gettime_ns(CLOCK_MONOTONIC) // 1000
    message = "\n".join(f"{name}={value}" for name, value in facts.items())
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
        sender.settimeout(2.0)
        sender.connect("\0" + address[1:] if address.startswith("@") else address)
        sender.sendall(message.encode())
        return True
    return False


def watchdog_seconds() -> float:
    """How often systemd wants to hear from this process; infinity if it does not."""
    pid, period = os.environ.get("WATCHDOG_PID", ""), os.environ.get("WATCHDOG_USEC", "")
    if not period.isdigit() or int(period) == 0 or pid not in ("", str(os.getpid())):
        return float("inf")
    return int(period) / 1e6
