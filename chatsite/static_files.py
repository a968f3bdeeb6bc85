"""How static files are kept: under hashed names, compressed."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    # Only stylesheets are looked into. Vendored scripts stay byte for byte what they are, and may
    # name a source map that isn't served.
    patterns = CompressedManifestStaticFilesStorage.patterns[:1]
