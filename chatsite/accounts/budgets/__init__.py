"""Budgets, read: where somebody stands, what they used, and how it is drawn."""
