"""How much is taken for what at sign-in."""

# Characters of a username or an address: no address is longer (RFC 5321, section 4.5.3.1).
LOGIN_LENGTH = 254
# Of what a browser says of a passkey: about 1 KB with an attestation, a few more with certificates.
CREDENTIAL_LENGTH = 65_536
