"""What happens to conversations that others have to know of."""

from django.dispatch import Signal

# Sent within the transaction that gives, changes or takes back feedback; keywords: message, and the
# ratings `before` and `after`, "" where there was or is none.
feedback_changed = Signal()
