"""The transcript: which part of a conversation is read, and what is known and said of it."""
