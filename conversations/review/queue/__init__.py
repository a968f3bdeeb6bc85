"""The queue of conversations: its pages, and what is done with many at once."""
