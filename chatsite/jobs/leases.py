"""Leases: of several processes one does a background job. Another takes it over when that has left
or died (`processes.py`).

A process that was held up for long enough to be called dead may do a job at the same time as the
one that took it over, for a moment: jobs bear that, but it would be work done twice.
"""

from django.db import IntegrityError, transaction

from chatsite.jobs import processes
from chatsite.jobs.models import Lease


def hold_lease(job: str) -> bool:
    """Whether this process is the one to do the job now: it has the lease, or gets it."""
    if not processes.are_several():
        return True
    lease = Lease.objects.filter(job=job)
    if holder := lease.values_list("holder", flat=True).first():
        if holder == processes.PROCESS:
            return True
        left = lease.filter(holder=holder).exclude(holder__in=processes.list_living())
        return bool(left.update(holder=processes.PROCESS))
    try:
        with transaction.atomic():
            Lease.objects.create(job=job, holder=processes.PROCESS)
    except IntegrityError:
        return False
    return True


def release_leases() -> None:
    """At the end of the process: others go on at once."""
    Lease.objects.filter(holder=processes.PROCESS).delete()
