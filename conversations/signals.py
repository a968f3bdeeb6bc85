"""What happens to conversations that others have to know of."""

from django.dispatch import Signal

# Sent within the transaction that gives, changes or takes back feedback; keywords: message, and the
# ratings `before` and `after`, "" where there was or is none.
feedback_changed = Signal()

# Sent within the transaction that saves what a request to the model beside a reply took; keyword:
# request, which isn't saved where its conversation is gone.
model_request_made = Signal()

# Sent when a reply has ended and is saved, or is in a file until it can be; keywords: `outcome`, a
# ReplyOutcome, and the `seconds` that it took from its claim.
reply_ended = Signal()

# Sent each time that the database doesn't take what was to be saved of a reply.
saving_failed = Signal()

# Sent within the transaction that has moved messages; keywords: the conversations `source` and
# `target`. What hangs on the messages is to go with them.
messages_moved = Signal()
