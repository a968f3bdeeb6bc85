"""Garbage collection in a process whose streams share one thread."""

import gc

from django.urls import get_resolver


def freeze_loaded_code() -> None:
    """Load all views, then leave what is loaded out of garbage collections from now on.

    Of 116,000 objects of modules and classes none is ever garbage, and looking through them held
    up every stream for 35 to 50 ms at each full collection.
    """
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
