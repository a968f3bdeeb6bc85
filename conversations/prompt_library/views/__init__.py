"""The pages of the prompt library: what "/" offers and how it is filled in, the list, and files."""
