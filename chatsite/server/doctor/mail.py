"""The mail server: connected to and signed in at, as when mail is sent; none is."""

import smtplib
import ssl
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend

from chatsite.server.doctor.findings import Finding, not_checked, ok, wrong


def check_mail() -> Iterator[Finding]:
    if not settings.EMAIL_URL:
        yield not_checked("EMAIL_URL is not set: administrators hand out links themselves")
        return
    mailer = settings.MAILERS["default"]
    if not mailer["BACKEND"].endswith("smtp.EmailBackend"):
        yield not_checked("EMAIL_URL leads to no mail server: mail is printed, or written to files")
        return
    yield ask_server(mailer["OPTIONS"])


def ask_server(options: dict[str, Any]) -> Finding:
    server = f"{options['host']}:{options['port']}"
    backend = EmailBackend(alias="default", **options)
    try:
        backend.open()
        assert backend.connection  # noqa: S101 - that is what open() makes
        code, _greeting = backend.connection.ehlo()
    except smtplib.SMTPAuthenticationError:
        return wrong(f"{server} refuses the user or the password", "Correct them in EMAIL_URL.")
    except smtplib.SMTPNotSupportedError as error:
        return wrong(
            f"{server}: {error}",
            "smtp+tls:// needs a server that offers STARTTLS; smtps:// is for TLS from the start.",
        )
    except ssl.SSLError as error:
        return wrong(
            f"{server} shows no certificate that is trusted, or speaks no TLS: {error.reason}",
            "Check the name and the port in EMAIL_URL: 465 is for smtps://, 587 for smtp+tls://.",
        )
    except (OSError, smtplib.SMTPException) as error:
        return wrong(
            f"{server} can't be reached: {describe(error)}",
            "Check the host and the port in EMAIL_URL, and whether a firewall is in the way.",
        )
    finally:
        backend.close()
    if code != 250:
        return wrong(f"{server} doesn't greet as a mail server does ({code})", "Check EMAIL_URL.")
    signed_in = "signed in" if options["username"] else "without signing in"
    return ok(f"{server} answers, {signed_in}; no mail was sent")


def describe(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else "") or type(error).__name__
