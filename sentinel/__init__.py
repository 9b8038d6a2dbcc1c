"""Mood of posts about Alibaba's AI moves, related to announcement dates."""

__all__ = ["__version__"]

__version__ = "0.1.0"
