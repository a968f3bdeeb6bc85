"""Syntax highlighting, in a helper process that may be killed (docs/decisions/0016).

`lexing` is what the helper does; it alone imports Pygments, whose lexers can loop for ever.
`highlighter` decides what is lexed, when, and for how long. The package knows neither the database
nor HTML, and imports nothing here: the helper has it in memory.
"""
