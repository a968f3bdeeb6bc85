"""Signing in and up: allauth’s hooks and forms, and what tells one try from another."""
