"""Second factors: allauth’s hooks and forms for authenticator apps, codes and passkeys."""
