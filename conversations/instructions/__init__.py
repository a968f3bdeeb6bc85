"""What the model is told beside the messages, a slice: the administrators' preamble, the
instructions of the site or of an assistant, and those of the user.

`models` has what is set, `variables` stand for what differs from user to user and from day to day,
`parts` are what a system prompt is put together from, which `composing` does (decision 0046).
"""
