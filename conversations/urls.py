"""The URLs of the chat."""

from django.urls import path

from conversations.assistants import picking as picking_assistants
from conversations.assistants import views as assistants
from conversations.attachments import views as files
from conversations.comparisons import views as comparisons
from conversations.instructions import views as instructions
from conversations.parameters import new_chat_views as new_chat_parameters
from conversations.parameters import views as parameters
from conversations.prompt_library.views import library as prompts
from conversations.prompt_library.views import transfer as prompt_files
from conversations.prompt_library.views import using as using_prompts
from conversations.views import (
    branches,
    context_usage,
    conversations,
    feed,
    feedback,
    folders,
    messages,
    pages,
    search,
    selection,
    stream,
    versions,
)

app_name = "conversations"

urlpatterns = [
    path("", pages.handle_new_chat, name="new"),
    path("conversations/", pages.show_conversation_list, name="list"),
    path("conversations/feed/", feed.stream_feed, name="feed"),
    path("conversations/selected/", selection.handle_selected, name="selected"),
    path("conversations/selected/move/", selection.handle_selected_move, name="selected_move"),
    path("conversations/search/", search.show_search, name="search"),
    path("c/<uuid:conversation_id>/", pages.show_conversation, name="detail"),
    path("archive/", pages.show_archive, name="archive_list"),
    path("files/", files.handle_beginning, name="begin_file"),
    path("files/<uuid:file_id>/content/", files.handle_content, name="file_content"),
    path("files/<uuid:file_id>/remove/", files.handle_removal, name="remove_file"),
    path("files/<uuid:file_id>/download/", files.download_file, name="download_file"),
    path("files/<uuid:file_id>/view/", files.show_output, {"output": "view"}, name="view_file"),
    path("files/<uuid:file_id>/small/", files.show_output, {"output": "small"}, name="small_file"),
    path("files/<uuid:file_id>/text/", files.show_text, name="file_text"),
    path("files/<uuid:file_id>/pages/<int:number>/", files.show_page, name="file_page"),
    path("folders/new/", folders.handle_creation, name="new_folder"),
    path("folders/<uuid:folder_id>/", folders.handle_folder, name="folder"),
    path("folders/<uuid:folder_id>/edit/", folders.handle_edit, name="edit_folder"),
    path("folders/<uuid:folder_id>/delete/", folders.handle_deletion, name="delete_folder"),
    path("c/<uuid:conversation_id>/move/", folders.handle_move, name="move"),
    path("c/<uuid:conversation_id>/options/", conversations.show_options, name="options"),
    path("c/<uuid:conversation_id>/pin/", conversations.handle_pin, name="pin"),
    path("c/<uuid:conversation_id>/archive/", conversations.handle_archive, name="archive"),
    path("c/<uuid:conversation_id>/rename/", conversations.handle_rename, name="rename"),
    path("c/<uuid:conversation_id>/delete/", conversations.handle_deletion, name="delete"),
    path("c/<uuid:conversation_id>/restore/", conversations.handle_restore, name="restore"),
    path("c/<uuid:conversation_id>/stop/", messages.handle_stop, name="stop"),
    path("c/<uuid:conversation_id>/context/", context_usage.show_context, name="context"),
    path("c/<uuid:conversation_id>/model/", messages.handle_model, name="model"),
    path("parameters/", new_chat_parameters.handle_new_parameters, name="new_parameters"),
    path("parameters/check/", new_chat_parameters.check_new_parameter, name="check_new_parameter"),
    path("c/<uuid:conversation_id>/parameters/", parameters.handle_parameters, name="parameters"),
    path(
        "c/<uuid:conversation_id>/instructions/",
        instructions.handle_instructions,
        name="instructions",
    ),
    path(
        "c/<uuid:conversation_id>/parameters/check/",
        parameters.check_parameter,
        name="check_parameter",
    ),
    path("prompts/", prompts.show_prompts, name="prompts"),
    path("prompts/new/", prompts.handle_creation, name="new_prompt"),
    path("prompts/check/", prompts.check_text, name="check_prompt"),
    path("prompts/download/", prompt_files.download_prompts, name="download_prompts"),
    path("prompts/import/", prompt_files.handle_import, name="import_prompts"),
    path("prompts/suggestions/", using_prompts.suggest_prompts, name="suggest_prompts"),
    path("prompts/<int:prompt_id>/use/", using_prompts.handle_use, name="use_prompt"),
    path("prompts/<int:prompt_id>/edit/", prompts.handle_edit, name="edit_prompt"),
    path(
        "prompts/<int:prompt_id>/duplicate/",
        prompts.handle_duplication,
        name="duplicate_prompt",
    ),
    path("prompts/<int:prompt_id>/delete/", prompts.handle_deletion, name="delete_prompt"),
    path(
        "c/<uuid:conversation_id>/messages/<int:message_id>/save-prompt/",
        prompts.handle_saving,
        name="save_prompt",
    ),
    path("compare/", comparisons.handle_comparison, name="compare_first"),
    path("c/<uuid:conversation_id>/compare/", comparisons.handle_comparison, name="compare"),
    path("c/<uuid:conversation_id>/show/", versions.handle_show, name="show"),
    path(
        "c/<uuid:conversation_id>/assistant/", picking_assistants.handle_use, name="use_assistant"
    ),
    path("assistants/", assistants.show_assistants, name="assistants"),
    path("assistants/new/", assistants.handle_creation, name="new_assistant"),
    path("assistants/import/", assistants.handle_import, name="import_assistant"),
    path("assistants/begin/", picking_assistants.handle_beginning, name="begin_with_assistant"),
    path("assistants/choose/", picking_assistants.show_choices, name="choose_assistant"),
    path(
        "assistants/suggestions/",
        picking_assistants.suggest_assistants,
        name="suggest_assistants",
    ),
    path("assistants/<uuid:assistant_id>/", assistants.show_assistant, name="assistant"),
    path("assistants/<uuid:assistant_id>/edit/", assistants.handle_edit, name="edit_assistant"),
    path(
        "assistants/<uuid:assistant_id>/duplicate/",
        assistants.handle_duplicate,
        name="duplicate_assistant",
    ),
    path(
        "assistants/<uuid:assistant_id>/export/",
        assistants.export_assistant,
        name="export_assistant",
    ),
    path(
        "assistants/<uuid:assistant_id>/share/", assistants.handle_sharing, name="share_assistant"
    ),
    path(
        "assistants/<uuid:assistant_id>/remove/",
        assistants.handle_removal,
        name="remove_assistant",
    ),
    path(
        "assistants/<uuid:assistant_id>/picture/<slug:digest>/",
        assistants.show_picture,
        name="assistant_picture",
    ),
    path("c/<uuid:conversation_id>/messages/", messages.handle_messages, name="messages"),
    path(
        "c/<uuid:conversation_id>/messages/<int:message_id>/source/",
        messages.show_source,
        name="source",
    ),
    path(
        "c/<uuid:conversation_id>/messages/<int:message_id>/details/",
        messages.show_details,
        name="details",
    ),
    path(
        "c/<uuid:conversation_id>/messages/<int:message_id>/edit/",
        versions.handle_edit,
        name="edit",
    ),
    path(
        "c/<uuid:conversation_id>/messages/<int:message_id>/retry/",
        versions.handle_retry,
        name="retry",
    ),
    path(
        "c/<uuid:conversation_id>/messages/<int:message_id>/retry-with/",
        parameters.handle_retry_with,
        name="retry_with",
    ),
    path(
        "c/<uuid:conversation_id>/messages/<int:message_id>/continue/",
        versions.handle_continue,
        name="continue",
    ),
    path(
        "c/<uuid:conversation_id>/messages/<int:message_id>/pick/",
        comparisons.handle_pick,
        name="pick",
    ),
    path(
        "c/<uuid:conversation_id>/messages/<int:message_id>/delete/",
        branches.handle_deletion,
        name="delete_from",
    ),
    path(
        "c/<uuid:conversation_id>/messages/<int:message_id>/copy/",
        branches.handle_copy,
        name="copy_branch",
    ),
    path(
        "c/<uuid:conversation_id>/messages/<int:message_id>/feedback/",
        feedback.handle_feedback,
        name="feedback",
    ),
    path(
        "c/<uuid:conversation_id>/messages/<int:message_id>/stream/",
        stream.stream_reply,
        name="stream",
    ),
]
