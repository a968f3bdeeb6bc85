"""A real identity provider for the tests: allauth's own, in a process of its own on loopback."""
