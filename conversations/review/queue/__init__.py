"""The queue of conversations: filters, orders, pages."""
