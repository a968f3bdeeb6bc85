"""What the chat has in the administration, where Django looks for it."""

from conversations.instructions.admin import InstructionPolicyAdmin
from conversations.model_catalog.admin import ChatModelAdmin
from conversations.parameters.admin import ParameterPolicyAdmin

__all__ = ["ChatModelAdmin", "InstructionPolicyAdmin", "ParameterPolicyAdmin"]
