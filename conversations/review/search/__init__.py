"""Search inside messages and titles: folding, matching, excerpts."""
