"""Replies that a test holds still."""

from tests.services.conftest import gate

__all__ = ["gate"]
