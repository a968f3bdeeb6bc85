"""Exports of conversations: which, how they are read, and the forms they are written in."""
