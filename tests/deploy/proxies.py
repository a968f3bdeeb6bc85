"""nginx and Caddy as docs/deploy.md sets them up, on free ports of this machine, before a site.

What is replaced in their configuration: the ports, the paths of the certificate, and where the
site listens. The rest is what the documentation says.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.deploy.certificates import Certificate
from tests.e2e.site import ROOT, free_port
from tests.waiting import wait_until

HOST = "chat.example.com"
TIMEOUT = 60.0

NGINX = """
daemon off;
worker_processes 2;
pid {folder}/nginx.pid;
error_log stderr;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/chatsite.conf;
}}
"""


@dataclass
class Proxy:
    """One that runs until `stop`."""

    port: int
    plain_port: int
    process: subprocess.Popen[bytes]
    # nginx's configuration, as far as it is ours; Caddy sees by itself who is ready.
    nginx_path: Path | None = None

    def take_out(self, site_port: int) -> None:
        """As it is done before a host is stopped."""
        self._replace(f"127.0.0.1:{site_port} max_fails", f"127.0.0.1:{site_port} down max_fails")

    def put_back(self, site_port: int) -> None:
        self._replace(f"127.0.0.1:{site_port} down", f"127.0.0.1:{site_port}")

    def _replace(self, old: str, new: str) -> None:
        if self.nginx_path:
            text = self.nginx_path.read_text()
            assert old in text
            self.nginx_path.write_text(text.replace(old, new))
            self.process.send_signal(signal.SIGHUP)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(TIMEOUT)


def find_program(name: str) -> str | None:
    """Debian keeps nginx where only root's PATH looks."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")


def require_program(name: str) -> None:
    if not find_program(name):
        reason = f"{name} is not installed, so its configuration can't be tried"
        pytest.fail(reason) if os.environ.get("REQUIRE_ALL") else pytest.skip(reason)


def start_nginx(folder: Path, site_ports: Sequence[int], certificate: Certificate) -> Proxy:
    port, plain_port = free_port(), free_port()
    text = (ROOT / "docs/deploy/nginx.conf").read_text()
    if len(site_ports) > 1:
        hosts = (ROOT / "docs/deploy/nginx-hosts.conf").read_text()
        text = re.sub(r"^upstream .*?^}\n", lambda _: hosts, text, flags=re.DOTALL | re.MULTILINE)
    # Without the listeners of IPv6, which not every machine has.
    text = re.sub(r"\n *listen \[::\].*", "", text)
    text = text.replace("listen 80;", f"listen 127.0.0.1:{plain_port};").replace(
        "listen 443 ", f"listen 127.0.0.1:{port} "
    )
    text = put_in_addresses(text, site_ports)
    text = re.sub(r"ssl_certificate .*", f"ssl_certificate {certificate.path};", text)
    text = re.sub(r"ssl_certificate_key .*", f"ssl_certificate_key {certificate.key_path};", text)
    (folder / "chatsite.conf").write_text(text)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder))
    program = find_program("nginx") or "nginx"
    command = [program, "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]
    process = subprocess.Popen(command)
    return await_start(Proxy(port, plain_port, process, folder / "chatsite.conf"))


def start_caddy(folder: Path, site_ports: Sequence[int], certificate: Certificate) -> Proxy:
    port, plain_port = free_port(), free_port()
    text = (ROOT / "docs/deploy/Caddyfile").read_text()
    tls = f"tls {certificate.path} {certificate.key_path}\n\tbind 127.0.0.1"
    ports = f"admin off\n\tskip_install_trust\n\thttp_port {plain_port}\n\thttps_port {port}\n"
    text = text.replace(f"{HOST} {{", f"{HOST} {{\n\t{tls}").replace(
        "{\n\tservers {", f"{{\n\t{ports}\tservers {{", 1
    )
    if len(site_ports) > 1:
        hosts = (ROOT / "docs/deploy/Caddyfile-hosts").read_text()
        text = text.replace("\treverse_proxy 127.0.0.1:8000 {\n", hosts)
    text = put_in_addresses(text, site_ports)
    program = find_program("caddy") or "caddy"
    if version_of(program) >= (2, 7):
        text = re.sub(r"\n\t*buffer_requests\n", "\n\t\trequest_buffers 5MiB\n", text)
    (folder / "Caddyfile").write_text(text)
    process = subprocess.Popen(
        [program, "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")],
        env={"HOME": str(folder), "PATH": "/usr/bin:/bin"},
    )
    return await_start(Proxy(port, plain_port, process))


START = {"nginx": start_nginx, "caddy": start_caddy}


def put_in_addresses(text: str, site_ports: Sequence[int]) -> str:
    """Of the only host, or of each."""
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{site_ports[0]}")
    for number, port in enumerate(site_ports, start=1):
        text = text.replace(f"10.0.0.{number}:8000", f"127.0.0.1:{port}")
    return text


def version_of(caddy: str) -> tuple[int, ...]:
    output = subprocess.run([caddy, "version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"(\d+)\.(\d+)", output)
    assert found, output
    return tuple(map(int, found.groups()))


def await_start(proxy: Proxy) -> Proxy:
    wait_until(partial(listens, proxy), "a proxy that listens", TIMEOUT)
    return proxy


def listens(proxy: Proxy) -> bool:
    assert proxy.process.poll() is None, "the proxy ended"
    try:
        socket.create_connection(("127.0.0.1", proxy.port), timeout=1).close()
    except OSError:
        return False
    return True
