r"""Windows paths, in which a backslash is a backslash: `C:\Users\new\_temp`, `\\server\share\_x`.

Markdown reads `\_` as an escape. Nothing is a path whose first separator is doubled (`C:\\Users`):
there somebody has escaped what they wrote. A formula `\(x\)` is none either: a name follows the
first separator.
"""

import re

# What comes before the first separator: a drive, a share's server, ".", "~", a variable, a hive.
_ROOT = re.compile(r"(?:^|[^\w\\:/.%~])(?:[A-Za-z]:|\.{1,2}|~|%\w+%|HK[A-Z]{2,4}|HKEY_[A-Z_]+)\Z")
_SHARE = re.compile(r"\\\\[A-Za-z0-9?.][\w.-]*(?=\\[\w$.])")
_REST = re.compile(
    r"""\\(?=[\w.$%~-])             # the first separator and a name
        (?:\\(?!\|)                 # further ones, but no bar of a table's cell
         | [^\s\\<>"|?`\ufdd0\ufdd1]
         | [ ](?=[\w(][\w ().+&-]{0,40}(?<=[\w)])\\)  # blanks, where a separator follows
        )*""",
    re.VERBOSE,
)
_LONGEST_ROOT = 40


def match_path(line: str, start: int) -> int:
    """Find the end of the path of which the first backslash is at `start`; `start` if none."""
    share = _SHARE.match(line, start)
    before = line[max(0, start - _LONGEST_ROOT) : start]
    if share and not re.search(r"[\w\\]\Z", before):
        rest = _REST.match(line, share.end())
    elif _ROOT.search(before):
        rest = _REST.match(line, start)
    else:
        return start
    return rest.end() if rest else start
