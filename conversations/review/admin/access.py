"""The access log in the administration: read, filtered and exported, never changed."""
