"""Comparing, a slice: the same message to two models, or with two sets of parameters, at once
(decision 0049).

The second reply is a version of the first that is written at the same time. Both are shown until
one is picked, or the conversation goes on with the first; the other stays as a version. `variants`
is what the second is made with, `services` finds and picks replies, `forms` and `views` ask;
`services/turns.py` makes both.
"""
