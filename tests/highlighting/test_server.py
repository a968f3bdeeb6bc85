"""What highlighting means for the process that serves."""

import subprocess
import sys

from tests.processes import started

IMPORTS = """
import sys
import django
django.setup()
from chatsite.wsgi import application
from django.urls import reverse
from conversations import rendering
from conversations.services.replies import highlighting

reverse("conversations:new")
html = rendering.render("```python\\nif x:\\n```", prefix="m1")
reply = highlighting.ReplyHighlighting(1, lambda: None)
reply.request(html)
assert reply.wait(60)
assert '<span class="k">if</span>' in reply.insert(html)
print(sorted(name for name in sys.modules if name.startswith("pygments")))
highlighting.stop_highlighter()
"""
GREENLETS = """
from gevent import monkey
monkey.patch_all()
import queue, gevent
from conversations.highlighting.highlighter import HighlightBudget, Highlighter, HighlightRequest

turns, delivered = [], queue.Queue()
highlighter = Highlighter(block_timeout=1)

def submit(language, code):
    highlighter.submit(1, HighlightRequest(language, code, HighlightBudget(60), delivered.put))

submit("mcschema", "<!--\\n")
submit("json", "null")
other = gevent.spawn(lambda: [turns.append(gevent.sleep(0.001)) for _ in range(100)])
print(delivered.get(timeout=60), len(turns), delivered.get(timeout=60))
highlighter.stop()
"""


def test_the_server_never_imports_pygments(db: None) -> None:
    output, _complaints = started(IMPORTS, (), {}).communicate(timeout=60)
    assert output == "[]\n"


def test_greenlets_go_on_while_hostile_code_is_highlighted() -> None:
    done = subprocess.run(
        [sys.executable, "-c", GREENLETS], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout == "None 100 [('kc', 4)]\n"
