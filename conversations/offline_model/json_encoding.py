"""JSON as it goes over the wire: UTF-8, not escaped to ASCII, as the model's API sends it."""

import json


def encode_json(value: object) -> bytes:
    """Encode; a lone surrogate, which JSON can bring in but UTF-8 can't carry out, becomes "?"."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
