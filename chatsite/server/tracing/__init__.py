"""Traces by OpenTelemetry, where OTEL_EXPORTER_OTLP_ENDPOINT says where they are sent.

exporter.py    what a process starts and ends; the SDK is imported there alone
middleware.py  a span for each request
calls.py       spans of what is asked of others meanwhile: the database, servers by http

Spans of a reply's life are `conversations/services/replies/traces.py`. Decision 0039 says why each
span is written here rather than by OpenTelemetry's instrumentations.
"""
