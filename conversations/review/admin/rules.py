"""Rules that flag messages, in the administration."""
