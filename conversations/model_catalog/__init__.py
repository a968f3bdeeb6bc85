"""The models that can be talked to, a slice: what administrators say of each, who may use it, what
it costs and how much it takes.

`models` has the rows, `catalog` answers what the rest of the project asks of them.
"""
