"""Spans of traces, for who has them sent somewhere (`chatsite/server/tracing/`); for who hasn't,
nothing happens here and OpenTelemetry isn't even imported.

A span says what is named where it is opened and nothing else: no library collects addresses,
statements or words of errors by itself.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from chatsite.core.log_context import read_context

if TYPE_CHECKING:
    from opentelemetry import trace

type Value = str | int | float | bool

_tracer: "trace.Tracer | None" = None


def use_tracer(tracer: "trace.Tracer") -> None:
    """From now on spans are made."""
    global _tracer
    _tracer = tracer


class Span:
    """What is under way. Without a span of a trace it does nothing."""

    def __init__(self, span: "trace.Span | None" = None) -> None:
        self._span = span

    def rename(self, name: str) -> None:
        if self._span:
            self._span.update_name(name)

    def set(self, values: Mapping[str, Value]) -> None:
        if self._span:
            self._span.set_attributes(values)

    def add_event(self, name: str, at: datetime) -> None:
        if self._span:
            self._span.add_event(name, timestamp=round(at.timestamp() * 1e9))

    def fail(self, kind: str) -> None:
        """Mark it as failed; `kind`: a code, or a class of errors."""
        if self._span:
            from opentelemetry.trace import StatusCode

            self._span.set_status(StatusCode.ERROR)
            self._span.set_attribute("error.type", kind)


@contextmanager
def open_span(
    name: str,
    values: Mapping[str, Value] | None = None,
    *,
    is_served: bool = False,
    begun_by: "trace.SpanContext | None" = None,
) -> Iterator[Span]:
    """The first of a trace: a request, if it is served, or what a request began and may outlive it;
    with what log lines say of where they come from.
    """
    if _tracer is None:
        yield Span()
        return
    from opentelemetry.context import Context
    from opentelemetry.trace import Link, SpanKind

    with _tracer.start_as_current_span(
        name,
        context=Context(),
        kind=SpanKind.SERVER if is_served else SpanKind.INTERNAL,
        attributes=values,
        links=[Link(begun_by)] if begun_by else None,
        record_exception=False,
        set_status_on_exception=False,
    ) as opened:
        span = Span(opened)
        try:
            yield span
        except BaseException as error:
            span.fail(type(error).__name__)
            raise
        finally:
            span.set({f"chatsite.{name}": value for name, value in read_context().items()})


@contextmanager
def open_call(name: str, values: Mapping[str, Value]) -> Iterator[Span]:
    """A call to another server, within what is under way in this thread; else there is none."""
    if _tracer is None or not _is_recorded():
        yield Span()
        return
    from opentelemetry.trace import SpanKind

    with _tracer.start_as_current_span(
        name,
        kind=SpanKind.CLIENT,
        attributes=values,
        record_exception=False,
        set_status_on_exception=False,
    ) as opened:
        span = Span(opened)
        try:
            yield span
        except BaseException as error:
            span.fail(type(error).__name__)
            raise


def current_span() -> Span:
    """What is under way in this thread."""
    if _tracer is None:
        return Span()
    from opentelemetry import trace

    return Span(trace.get_current_span())


def remember_span() -> "trace.SpanContext | None":
    """For what is begun now in another thread."""
    if _tracer is None or not _is_recorded():
        return None
    from opentelemetry import trace

    return trace.get_current_span().get_span_context()


def _is_recorded() -> bool:
    from opentelemetry import trace

    return trace.get_current_span().is_recording()
