"""The languages that the site speaks: English, and each whose translation lies in a folder."""

from pathlib import Path

from django.conf.locale import LANG_INFO
from django.utils.translation import to_language


def list_shipped_languages(folder: Path) -> list[tuple[str, str]]:
    """Codes and names, each in its own language; `folder` is laid out as Django wants it."""
    compiled = sorted(folder.glob("*/LC_MESSAGES/django.mo"))
    codes = {"en", *(to_language(path.parts[-3]) for path in compiled)}
    return sorted((code, LANG_INFO.get(code, {}).get("name_local", code)) for code in codes)
