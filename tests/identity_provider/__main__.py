"""Runs the provider: `python -m tests.identity_provider PORT`."""

import os
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.identity_provider.settings"


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Handler(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing: what is wrong is printed by Django."""


django.setup()
call_command("migrate", verbosity=0)
port, site = int(sys.argv[1]), get_wsgi_application()
make_server("127.0.0.1", port, site, server_class=Server, handler_class=Handler).serve_forever()
