"""Certificates for Discord's names, by an authority that only the bot under test trusts."""

import ssl
from pathlib import Path

import trustme

HOSTS = ("discord.com", "gateway.discord.gg")


class Authority:
    """`root` is a file for SSL_CERT_FILE: whoever starts with it believes `server_context`."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        self.root = folder / "authority.pem"
        authority.cert_pem.write_to_path(str(self.root))
        self.server_context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert(*HOSTS).configure_cert(self.server_context)
