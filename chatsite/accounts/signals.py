"""What happens to accounts that others have to know of."""

from django.dispatch import Signal

# Sent within the transaction that erases a user, before their rows go; keyword: user. What is to
# happen once they are gone is for `transaction.on_commit`.
user_erased = Signal()

# Sent when every session of a user was ended, as when an account is closed, within the transaction
# if there is one; keyword: user. Work that goes on without a session is to end as well.
access_ended = Signal()
