"""Everybody's password at the provider."""

PASSWORD = "correct horse battery"
