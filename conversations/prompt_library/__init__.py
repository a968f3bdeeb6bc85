"""The prompt library, a slice: texts that are put into the composer by "/" and a name.

`models` has them; what the model is sent is put together elsewhere (`services/replies/prompts.py`).
"""
