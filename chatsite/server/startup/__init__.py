"""What has to be right before the server may start, a module a subject.

`manage.py serve` strings them together: `data_dir`, `listener`, `database`, `static` and so on.
Each raises LaunchError with a sentence for the person at the terminal.
"""


class LaunchError(Exception):
    """Why the server was not started, and what to do about it."""
