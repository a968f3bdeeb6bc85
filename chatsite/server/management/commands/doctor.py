"""`manage.py doctor`: what works, what doesn't, and how to mend it."""

import logging
import os
import sys
from typing import Any

from django.core.management.base import BaseCommand

from chatsite.server.doctor.findings import Finding, Status
from chatsite.server.doctor.runner import list_checks, run_checks

WIDTH = max(map(len, Status))


class Command(BaseCommand):
    help = (
        "Check the settings and all that they lead to: the model, mail, the database, the disk, "
        "the proxy. Ends with 1 where something is wrong. Nothing is changed, and no mail is sent; "
        "the model is asked for one word."
    )
    requires_system_checks = ()

    def handle(self, *_: Any, **_options: Any) -> None:
        os.umask(0o077)
        # What goes wrong is said below, and in fewer words.
        logging.disable()
        try:
            findings = []
            for check, finding in run_checks(list_checks()):
                self.say(check.name, finding)
                findings.append(finding)
        finally:
            logging.disable(logging.NOTSET)
        count = sum(finding.status is Status.WRONG for finding in findings)
        self.stdout.write(f"\nWrong: {count}." if count else "\nNothing is wrong.")
        if count:
            sys.exit(1)

    def say(self, name: str, finding: Finding) -> None:
        self.stdout.write(f"{finding.status:{WIDTH}}  {name}: {finding.meaning}")
        if finding.remedy:
            self.stdout.write(f"{'':{WIDTH}}  → {finding.remedy}")
        self.stdout.flush()
