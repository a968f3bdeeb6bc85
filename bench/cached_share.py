"""How much of the prompts a provider's cache serves over a long conversation at its budget.

Nothing is measured here: a conversation is played turn by turn, each prompt made as for the model,
and a cache as OpenAI describes its own is simulated: what a prompt begins with that an earlier one
began with as well, from 1,024 tokens on, in steps of 128.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

from bench.report import Row
from tests.e2e.site import ROOT

TURNS = 200
TARGET = "≥ 80 %"


def rows() -> Iterator[Row]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "chatsite.settings"}
    for budget in (8_000, 32_000, 128_000):
        code = f"from bench.cached_share_seed import *; play({TURNS}, {budget})"
        played = json.loads(
            subprocess.run(
                [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
                cwd=ROOT,
                env=environment,
                check=True,
                capture_output=True,
                text=True,
            ).stdout
        )
        yield Row(
            f"{TURNS} turns, budget of {budget:,} tokens: share of prompt tokens from the cache,"
            " all / once the budget is full",
            f"{played['all']:.0%} / {played['full']:.0%}",
            target=TARGET,
        )
