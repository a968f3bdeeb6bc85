"""The lists that reviewers choose from: verdicts and labels."""

from django.contrib import admin

from conversations.review.models import Label, Verdict


@admin.register(Verdict)
class VerdictAdmin(admin.ModelAdmin[Verdict]):
    list_display = ("name", "tone", "description", "position", "is_active")
    list_filter = ("is_active",)


@admin.register(Label)
class LabelAdmin(admin.ModelAdmin[Label]):
    search_fields = ("name",)
    show_full_result_count = False
