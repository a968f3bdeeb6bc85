"""The names that Pygments gives to languages and to the classes of highlighted code.

They are listed here, because the server never imports Pygments: what its lexers do is done in a
helper process. When an upgrade changes them, the tests say how.
"""

from pathlib import Path

LANGUAGES = frozenset(Path(__file__).with_name("languages.txt").read_text().split())
"""What may stand after an opening fence, in lower case, to have the code highlighted."""

_CLASSES = (
    "bp c c1 ch cm cp cpf cs dl fm g gd ge ges gh gi go gp gr gs gt gu il k kc kd kn kp kr kt l ld"
    " m mb mf mh mi mo na nb nc nd ne nf ni nl nn no nt nv nx o ow pm py s s1 s2 sa sb sc sd se sh"
    " si sr ss sx vc vg vi vm"
)
CLASSES = frozenset(_CLASSES.split())
"""What the style sheet may give colours to."""
