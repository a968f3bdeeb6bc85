"""Assistants, a slice: a name, instructions, a model and parameters under which chats begin.

`models` has them and their versions: a conversation keeps the version that it began with.
"""
