"""What garbage collections leave alone in a serving process."""

from tests.processes import started

FROZEN = """
import gc
import django
django.setup()
from chatsite.server.garbage import freeze_loaded_code
freeze_loaded_code()
print(gc.get_freeze_count() > 50_000, "conversations.views.stream" in __import__("sys").modules)
"""


def test_loaded_code_is_left_out_of_collections_with_all_views(db: None) -> None:
    output, _complaints = started(FROZEN, (), {}).communicate(timeout=60)
    assert output == "True True\n"
