"""Assistants, a slice: a name, instructions, a model and parameters under which chats begin.

`models` has them and their versions: a conversation keeps the version that it began with. `queries`
reads what somebody may use, `services` and `sharing` write, `transfer` is their JSON, `pictures`
makes the small ones in a helper process, `new_chat` is what the page of a new chat offers.
"""
