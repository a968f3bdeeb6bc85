"""How much is taken for what at sign-in."""

# Characters of a username or an address: no address is longer (RFC 5321, section 4.5.3.1).
LOGIN_LENGTH = 254
