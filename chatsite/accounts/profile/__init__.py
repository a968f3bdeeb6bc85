"""The profile: its form, and the choices of language and time zone."""
