"""Style sheets that not every conversation needs: a page links them where it does."""

from collections.abc import Iterable

from django import template

from conversations.presenter import MessageView

register = template.Library()

# What code and formulas begin with; static/js/page.js looks for the same in what is swapped in.
CODE = 'class="code"'
FORMULA = "<math"


@register.filter
def needed_styles(views: Iterable[MessageView] | None) -> list[str]:
    """Return the paths of those that these messages need."""
    views = views or []
    replies = [view.html for view in views if not view.message.is_user]
    needs = {
        "css/attachments.css": any(view.files for view in views),
        "css/code.css": any(CODE in html for html in replies),
        "css/math.css": any(FORMULA in html for html in replies),
    }
    return [path for path, is_needed in needs.items() if is_needed]
