"""The dashboard in the administration."""
