"""Single sign-on: the identity provider, and allauth’s hooks for who comes from there."""
