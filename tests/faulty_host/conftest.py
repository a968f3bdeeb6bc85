"""What the servers begin with."""

from tests.server.conftest import prepared

__all__ = ["prepared"]
