"""Which conversations a list, an export or a transcript's neighbours are of: filters and orders."""
