"""What the API refuses before any reply: the checks that the provider documents."""

from collections.abc import Callable, Mapping
from http.client import HTTPMessage
from typing import Any

from conversations.offline_model.errors import ApiError
from conversations.offline_model.faults import Fault
from conversations.offline_model.models import ListedModel
from conversations.offline_model.parts import read_media
from conversations.offline_model.usage import extract_message_text

MISSING_MODEL = "missing"
ROLES = ("system", "developer", "user", "assistant", "tool")
PART_TYPES = ("text", "image_url", "file", "refusal")


def check_access(headers: HTTPMessage) -> None:
    """Raise the 401 for a request without a bearer token; any will do."""
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise ApiError(401, "Missing or malformed Authorization header: expected Bearer <API key>.")


def check_chat_request(body: Mapping[str, Any]) -> None:
    """Raise the ApiError that a chat request with this body gets, if any."""
    if not isinstance(body.get("model"), str) or not body["model"]:
        raise _invalid("model: required, a string.")
    if body["model"] == MISSING_MODEL:
        raise ApiError(404, f"The model “{MISSING_MODEL}” does not exist.")
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise _invalid("messages: required, a list of at least one message.")
    for index, message in enumerate(messages):
        _check_message(index, message)
    for name, (accepts, expectation) in PARAMETERS.items():
        if name in body and not accepts(body[name]):
            raise _invalid(f"{name}: expected {expectation}.")
    if (body.get("response_format") or {}).get("type") == "json_object":
        _check_json_is_asked_for(messages)


def _check_json_is_asked_for(messages: list[dict[str, Any]]) -> None:
    """OpenAI's API refuses this, as a model that isn't told so may write blanks without end."""
    if not any("json" in extract_message_text(message).lower() for message in messages):
        raise ApiError(
            400,
            "'messages' must contain the word 'json' in some form, to use 'response_format' of "
            "type 'json_object'.",
        )


def check_prompt_length(prompt_tokens: int, window: int) -> None:
    if prompt_tokens > window:
        raise ApiError(
            400,
            f"This model's maximum context length is {window} tokens. However, your "
            f"messages resulted in {prompt_tokens} tokens. Please reduce their length.",
        )


def _check_message(index: int, message: object) -> None:
    if not isinstance(message, dict) or message.get("role") not in ROLES:
        raise _invalid(f"messages.{index}.role: expected one of {', '.join(ROLES)}.")
    content = message.get("content")
    if content is None and message["role"] == "assistant":
        if not (message.get("refusal") or message.get("tool_calls")):
            raise _invalid(f"messages.{index}.content: required without refusal or tool_calls.")
    elif not isinstance(content, str) and not _are_parts(content):
        raise _invalid(f"messages.{index}.content: expected a string or a list of parts.")
    elif isinstance(content, list):
        _check_parts(index, message["role"], content)


def _check_parts(index: int, role: str, parts: list[Any]) -> None:
    for number, part in enumerate(parts):
        place = f"messages.{index}.content.{number}"
        if role != "user" and part["type"] in ("image_url", "file"):
            raise _invalid(f"{place}.type: {part['type']} is for messages of the user.")
        try:
            read_media(part)
        except ValueError as error:
            raise _invalid(f"{place}.{error}.") from None


def check_media_support(messages: list[dict[str, Any]], fault: Fault, model: ListedModel) -> None:
    """Raise the 400 of a model that takes no pictures, or no files, where there are any."""
    contents = [content for message in messages if isinstance(content := message["content"], list)]
    types = {part["type"] for content in contents for part in content}
    if (fault.refuse_images or not model.reads_media) and "image_url" in types:
        raise ApiError(400, fault.message or "This model does not support image input.")
    if (fault.refuse_files or not model.reads_media) and "file" in types:
        raise ApiError(400, fault.message or "This model does not support file input.")


def _are_parts(content: object) -> bool:
    return (
        isinstance(content, list)
        and bool(content)
        and all(isinstance(part, dict) and part.get("type") in PART_TYPES for part in content)
    )


def _invalid(detail: str) -> ApiError:
    return ApiError(400, f"Body validation error. {detail}")


type Accepts = Callable[[Any], bool]


def _number(low: float, high: float) -> tuple[Accepts, str]:
    def accepts(value: Any) -> bool:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and low <= value <= high

    return accepts, f"a number from {low} to {high}"


def _at_least_one(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _is_stop(value: object) -> bool:
    several = value if isinstance(value, list) else [value]
    return value is None or (len(several) <= 4 and all(isinstance(stop, str) for stop in several))


def _is_format(value: object) -> bool:
    if value is None or (isinstance(value, dict) and value.get("type") in ("text", "json_object")):
        return True
    named = value.get("json_schema") if isinstance(value, dict) else None
    return (
        isinstance(value, dict)
        and value.get("type") == "json_schema"
        and isinstance(named, dict)
        and isinstance(named.get("name"), str)
        and isinstance(named.get("schema"), dict)
    )


def _or_null(check: tuple[Accepts, str]) -> tuple[Accepts, str]:
    accepts, expectation = check
    return lambda value: value is None or accepts(value), f"{expectation}, or null"


PARAMETERS: dict[str, tuple[Accepts, str]] = {
    "max_tokens": (_at_least_one, "a whole number from 1"),
    "max_completion_tokens": (_at_least_one, "a whole number from 1"),
    "temperature": _number(0, 2),
    "top_p": _number(0.01, 1),
    "seed": (_at_least_one, "a whole number from 1"),
    "stop": (_is_stop, "a string, at most 4 strings, or null"),
    "presence_penalty": _or_null(_number(-2, 2)),
    "frequency_penalty": _or_null(_number(-2, 2)),
    "response_format": (_is_format, "text, json_object, or json_schema with its name and schema"),
    "stream": (lambda value: isinstance(value, bool), "true or false"),
    "stream_options": (lambda value: value is None or isinstance(value, dict), "an object"),
}
