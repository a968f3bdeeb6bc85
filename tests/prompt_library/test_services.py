"""Making, changing, copying, sharing and deleting prompts."""

from functools import partial

import pytest
from django.contrib.auth.models import Group
from django.http import Http404

from chatsite.accounts.erasure.services import erase_user
from chatsite.accounts.models import User
from chatsite.accounts.roles import Role
from chatsite.accounts.users.services import set_role
from conversations.prompt_library import queries, services
from conversations.prompt_library.models import SavedPrompt
from conversations.prompt_library.names import make_free_name, make_name
from conversations.prompt_library.services import (
    AudienceChoice,
    InvalidPromptError,
    PromptContent,
    TooManyPromptsError,
)
from tests.prompt_library.factories import make_prompt
from tests.services.writing import at_once

FOR_ALL = AudienceChoice(is_for_all=True, groups=[])


def content(name: str = "summary", text: str = "Sum it up.") -> PromptContent:
    return PromptContent(name, "", text)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("/Code Review", "code-review"),
        ("snake_case", "snake-case"),
        ("Übersetzung 2", "übersetzung-2"),
        ("  --a--  ", "a"),
        ("x" * 100, "x" * 60),
        ("???", ""),
    ],
)
def test_a_name_is_of_small_letters_digits_and_hyphens(typed: str, name: str) -> None:
    assert make_name(typed) == name


def test_a_free_name_has_the_next_number() -> None:
    assert make_free_name("a", set()) == "a"
    assert make_free_name("a", {"a", "a-2"}) == "a-3"
    assert make_free_name("x" * 60, {"x" * 60}) == "x" * 58 + "-2"


def test_a_name_is_ones_own_once(alice: User, bob: User) -> None:
    services.create_prompt(owner=alice, content=content("Sum up"))
    services.create_prompt(owner=bob, content=content("sum-up"))
    with pytest.raises(InvalidPromptError):
        services.create_prompt(owner=alice, content=content("sum-up"))
    other = make_prompt(alice, "other")
    with pytest.raises(InvalidPromptError):
        services.edit_prompt(user=alice, prompt_id=other.pk, content=content("SUM UP"))
    services.edit_prompt(user=alice, prompt_id=other.pk, content=content("other"))


def test_there_are_not_too_many(alice: User, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_PROMPTS", 2)
    prompt = make_prompt(alice, "a")
    services.create_prompt(owner=alice, content=content("b"))
    with pytest.raises(TooManyPromptsError, match="at most 2"):
        services.create_prompt(owner=alice, content=content("c"))
    with pytest.raises(TooManyPromptsError):
        services.duplicate_prompt(user=alice, prompt_id=prompt.pk)
    with pytest.raises(TooManyPromptsError):
        services.import_prompts(owner=alice, contents=[content("d")])
    services.edit_prompt(user=alice, prompt_id=prompt.pk, content=content("e"))


def test_what_somebody_else_has_does_not_exist(alice: User, bob: User) -> None:
    prompt = make_prompt(alice)
    for action in (services.duplicate_prompt, services.delete_prompt):
        with pytest.raises(Http404):
            action(user=bob, prompt_id=prompt.pk)
    with pytest.raises(Http404):
        services.edit_prompt(user=bob, prompt_id=prompt.pk, content=content())
    assert SavedPrompt.objects.get().text == prompt.text


def test_administrators_alone_share(alice: User, ada: User, bob: User) -> None:
    services.create_prompt(owner=alice, content=content("a"), audience=FOR_ALL)
    assert not queries.list_usable(bob).exists()
    shared = services.create_prompt(owner=ada, content=content("b"), audience=FOR_ALL)
    assert list(queries.list_usable(bob)) == [shared]


def test_a_group_has_what_is_shared_with_it(ada: User, alice: User, bob: User) -> None:
    group = Group.objects.create(name="Law")
    alice.groups.add(group)
    choice = AudienceChoice(is_for_all=False, groups=[group])
    shared = services.create_prompt(owner=ada, content=content("contract"), audience=choice)
    assert list(queries.list_shared(alice)) == [shared]
    assert list(queries.suggest(alice, "con")) == [shared]
    assert not queries.list_shared(bob).exists()
    assert not queries.suggest(bob, "con")
    group.delete()
    assert not queries.list_usable(alice).exists()


def test_what_is_shared_is_copied_by_all_and_changed_by_administrators(
    ada: User, alice: User
) -> None:
    shared = make_prompt(None, "a", is_for_all=True)
    copy = services.duplicate_prompt(user=alice, prompt_id=shared.pk)
    assert (copy.owner, copy.name, copy.is_for_all) == (alice, "a", False)
    with pytest.raises(Http404):
        services.edit_prompt(user=alice, prompt_id=shared.pk, content=content())
    services.edit_prompt(user=ada, prompt_id=shared.pk, content=content("b"), audience=FOR_ALL)
    shared.refresh_from_db()
    assert (shared.owner, shared.name) == (None, "b")


def test_who_administers_no_more_changes_nothing_that_others_have(ada: User, alice: User) -> None:
    prompt = make_prompt(ada, "a", is_for_all=True)
    set_role(alice, Role.ADMINISTRATOR)
    set_role(ada, Role.USER)
    ada = User.objects.get(pk=ada.pk)
    with pytest.raises(Http404):
        services.edit_prompt(user=ada, prompt_id=prompt.pk, content=content())
    assert list(queries.list_own(ada)) == [prompt]


def test_names_that_begin_so_come_first_and_ones_own_before_others(alice: User) -> None:
    make_prompt(None, "sum-a", is_for_all=True)
    make_prompt(alice, "sum-b")
    make_prompt(alice, "a-sum")
    make_prompt(alice, "other", description="Sums it up")
    make_prompt(alice, "none")
    names = [prompt.name for prompt in queries.suggest(alice, "Sum")]
    assert names == ["sum-b", "sum-a", "a-sum", "other"]
    assert [prompt.name for prompt in queries.suggest(alice, "sum-")] == ["sum-b", "sum-a"]


def test_an_own_one_comes_before_a_shared_one_of_its_name(alice: User) -> None:
    shared = make_prompt(None, "a", is_for_all=True)
    own = make_prompt(alice, "a")
    assert queries.suggest(alice, "") == [own, shared]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        *(("", ["a", "b"]), ("First", ["a"]), ("second TEXT", ["b"]), ("SOME", ["a", "b"])),
        *(("100%", []), ("_", []), ("some%", []), ("some " * 8 + "x", ["a", "b"])),
    ],
)
def test_a_search_finds_each_word_in_name_description_or_text(
    alice: User, words: str, names: list[str]
) -> None:
    make_prompt(alice, "a", description="The first", text="Some text")
    make_prompt(alice, "b", description="The second", text="Some text")
    found = queries.search(queries.list_own(alice), words)
    assert [prompt.name for prompt in found] == names


def test_an_import_renames_what_is_taken_and_leaves_out_what_is_there(alice: User) -> None:
    services.create_prompt(owner=alice, content=content("a", "One"))
    contents = [content("a", "One"), content("a", "Two"), content("a", "Two"), content("b")]
    imported = services.import_prompts(owner=alice, contents=contents)
    assert (imported.added, imported.known) == (2, 2)
    assert imported.renamed == [("a", "a-2")]
    names = queries.list_own(alice).values_list("name", flat=True)
    assert sorted(names) == ["a", "a-2", "b"]


def test_a_file_that_is_imported_again_adds_nothing(alice: User) -> None:
    services.create_prompt(owner=alice, content=content("a", "One"))
    contents = [content("a", "Two"), content("a", "Three")]
    services.import_prompts(owner=alice, contents=contents)
    again = services.import_prompts(owner=alice, contents=contents)
    assert (again.added, again.known) == (0, 2)


def test_shared_ones_outlive_the_account_and_others_go(ada: User, alice: User) -> None:
    set_role(alice, Role.ADMINISTRATOR)
    group = Group.objects.create(name="Law")
    make_prompt(ada, "own")
    for_all = make_prompt(ada, "all", is_for_all=True)
    for_group = make_prompt(ada, "some")
    for_group.groups.add(group)
    erase_user(user=ada)
    left = list(SavedPrompt.objects.order_by("name").values_list("name", "owner"))
    assert left == [("all", None), ("some", None)]
    assert set(queries.list_editable(alice)) == {for_all, for_group}


def test_what_was_shared_with_a_group_that_is_gone_is_administrators(ada: User, bob: User) -> None:
    prompt = make_prompt(None, "a")
    assert list(queries.list_shared(ada)) == [prompt]
    assert not queries.list_shared(bob).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", range(5))
@pytest.mark.parametrize("has_owner", [True, False])
def test_what_is_deleted_while_it_is_changed_stays_deleted(
    ada: User, number: int, has_owner: bool
) -> None:
    prompt = make_prompt(ada if has_owner else None, "a", is_for_all=True)
    edit = partial(
        services.edit_prompt,
        user=ada,
        prompt_id=prompt.pk,
        content=content("b"),
        audience=FOR_ALL,
    )
    delete = partial(services.delete_prompt, user=ada, prompt_id=prompt.pk)
    edited, deleted = at_once(edit, delete)
    assert isinstance(edited, SavedPrompt | Http404)
    assert deleted in ("a", "b")
    assert not SavedPrompt.objects.exists()
