"""Budgets: the limits of a user, what is used of them, and the pages and charts that show it."""
