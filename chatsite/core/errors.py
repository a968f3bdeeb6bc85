"""What services raise for the person who asked to read: a sentence, and nothing was changed.

UserFacingError
├── accounts: BudgetExceededError, InvitationGoneError, LastAdministratorError,
│             NoRecoveryPossibleError
├── chat:     TurnRefusedError, InvalidMessageError, InvalidTitleError, InvalidFeedbackError,
│             InvalidFolderError, TooManyFoldersError, TooManyPinnedError
└── review:   HoldRefusedError, InvalidPatternError, TooManySavedFiltersError
"""

from typing import ClassVar


class UserFacingError(Exception):
    """Says in one sentence, already translated, what stands against it and what to do.

    `status` is that of the answer over HTTP, `retry_after` in how many seconds it may go well,
    where that is known.
    """

    status: ClassVar[int] = 409

    def __init__(self, sentence: str, *, retry_after: int | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.retry_after = retry_after
