"""What happens to conversations that others have to know of."""

from django.dispatch import Signal

# Sent within the transaction that gives, changes or takes back feedback; keywords: message, and the
# ratings `before` and `after`, "" where there was or is none.
feedback_changed = Signal()

# Sent within the transaction that saves what a request to the model beside a reply took; keyword:
# request, which isn't saved where its conversation is gone.
model_request_made = Signal()

# Sent within the transaction that has moved messages; keywords: the conversations `source` and
# `target`. What hangs on the messages is to go with them.
messages_moved = Signal()
