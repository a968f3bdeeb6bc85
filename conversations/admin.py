"""What the chat has in the administration, where Django looks for it."""

from conversations.parameters.admin import ParameterPolicyAdmin

__all__ = ["ParameterPolicyAdmin"]
