"""The policy of reviews in the administration: one form, no list."""
