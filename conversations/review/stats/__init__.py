"""What is learnt from conversations: daily figures, read for a range of days and broken down."""
