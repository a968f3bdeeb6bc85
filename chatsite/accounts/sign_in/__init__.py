"""Signing in: allauth’s hooks and forms, and what tells one try from another."""
