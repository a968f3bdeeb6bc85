"""Work that fails at some rows, as it does where something else refuses to let them go."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import Model
from django.db.models.signals import pre_delete


@contextmanager
def deletion_refused(*refused: Model) -> Iterator[None]:
    """While it lasts, none of these can be deleted."""
    kept = {(type(each), each.pk) for each in refused}

    def refuse(sender: type[Model], instance: Model, **_signal: Any) -> None:
        if (sender, instance.pk) in kept:
            raise RuntimeError("not this one")

    pre_delete.connect(refuse)
    try:
        yield
    finally:
        pre_delete.disconnect(refuse)
