"""Exports of conversations in the administration."""
