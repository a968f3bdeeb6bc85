"""Crashes that happened before a test began."""

from django.utils import timezone

from chatsite.jobs.models import CrashedItem


def crashed(job: str, item: str) -> CrashedItem:
    return CrashedItem.objects.create(job=job, item=item)


def set_aside(job: str, item: str) -> CrashedItem:
    return CrashedItem.objects.create(job=job, item=item, crashes=2, set_aside_at=timezone.now())
