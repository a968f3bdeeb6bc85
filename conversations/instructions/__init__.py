"""What the model is told beside the messages, a slice: the administrators' preamble, the
instructions of the site or of an assistant, and those of the user.

`models` has what is set, `parts` puts the system prompt together.
"""
