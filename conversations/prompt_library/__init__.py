"""The prompt library, a slice: texts that are put into the composer by "/" and a name.

`variables` reads what a text leaves open, `files` what people bring, `views` has its pages. What
the model is sent is put together elsewhere (`services/replies/prompts.py`).
"""
