"""The access log as it is read: filters, pages, export."""
