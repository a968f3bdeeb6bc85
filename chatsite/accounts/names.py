"""Usernames and addresses as they are compared: JOSÉ, a decomposed josé and a full-width ｊｏｓé
are one name, on every database.
"""

from chatsite.core.text import normalize

# An account from before this comparison whose folded name an older account has keeps its own key,
# made longer by this and its id. No username or address can hold these characters.
SET_APART = " #"


def fold_name(name: str) -> str:
    """Return the caseless form of a name: NFKC, case folded, NFKC (Unicode, section 3.13, D146
    without the default ignorable characters, which no name may hold).
    """
    return normalize(normalize(name, "NFKC").casefold(), "NFKC")
