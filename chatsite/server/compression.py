"""Compresses what gets smaller by it: pages, and not pictures or files that were uploaded."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

INCOMPRESSIBLE = ("image/", "application/octet-stream", "application/zip")


class CompressionMiddleware(GZipMiddleware):
    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.get("Content-Type", "").startswith(INCOMPRESSIBLE):
            return response
        return super().process_response(request, response)
