"""What all tests share: the people, the offline model, and conversations to work on.

alice owns, bob is another user, rita reviews, ada administers.
"""

import os
from collections.abc import Iterator

import hypothesis
import pytest
from django.core.cache import caches
from django.test import Client
from pytest_django import Settings

from chatsite.accounts.models import User
from chatsite.accounts.roles import Role
from chatsite.accounts.users.services import set_role
from chatsite.jobs import attempts, processes
from conversations.models import Conversation, Message
from conversations.offline_model import OfflineModel
from conversations.services.model_client import get_model_client
from conversations.services.model_titles import get_pool
from conversations.services.replies.channel import get_channel
from tests.accounts.mails import Mails
from tests.emptying import quick_emptying
from tests.factories import make_conversation
from tests.identity_provider.provider import IdentityProvider
from tests.once import share
from tests.redis_server import use_redis
from tests.s3_server import S3Server, use_bucket

# How long an example takes says how busy the machine is.
hypothesis.settings.register_profile("tests", deadline=None)
hypothesis.settings.load_profile("tests")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """For `-n auto`: twice the processors, up to 8, as tests wait for more than a third of their
    time. Each has some connections to PostgreSQL, which takes 100.
    """
    processors = os.cpu_count() or 1
    return max(processors, min(2 * processors, 8))


@pytest.fixture(scope="session", autouse=True)
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    share(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session", autouse=True)
def tables_emptied_quickly() -> Iterator[None]:
    with quick_emptying():
        yield


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_user("alice", "alice@example.com", "correct horse")


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create_user("bob", "bob@example.com", "correct horse")


@pytest.fixture
def rita(db: None) -> User:
    return with_role("rita", Role.REVIEWER)


@pytest.fixture
def ada(db: None) -> User:
    return with_role("ada", Role.ADMINISTRATOR)


def with_role(name: str, role: Role) -> User:
    user = User.objects.create_user(name, f"{name}@example.com", "correct horse")
    set_role(user, role)
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="chatsite.accounts.sign_in.backends.AuthenticationBackend")
    return client


def is_signed_in(client: Client) -> bool:
    return client.get("/").status_code == 200


@pytest.fixture
def alice_client(alice: User) -> Client:
    return signed_in(alice)


@pytest.fixture
def bob_client(bob: User) -> Client:
    return signed_in(bob)


@pytest.fixture
def rita_client(rita: User) -> Client:
    return signed_in(rita)


@pytest.fixture
def ada_client(ada: User) -> Client:
    return signed_in(ada)


@pytest.fixture
def model(settings: Settings) -> Iterator[OfflineModel]:
    """The offline model, which the site talks to over a real socket."""
    with OfflineModel() as server:
        settings.AIMLAPI_BASE_URL = server.base_url
        settings.AIMLAPI_API_KEY = "key-of-the-tests"
        get_model_client.cache_clear()
        yield server
        end_replies()
    get_model_client.cache_clear()


@pytest.fixture
def redis(settings: Settings) -> Iterator[None]:
    """The site has Redis, as one of several processes has."""
    yield from use_redis(settings)


@pytest.fixture
def bucket(settings: Settings) -> Iterator[S3Server]:
    """Files are kept in a bucket."""
    with S3Server() as server:
        yield from use_bucket(settings, server)


@pytest.fixture
def titles(settings: Settings, transactional_db: None, model: OfflineModel) -> Iterator[None]:
    """Conversations get their titles from the model, as they do by default."""
    settings.TITLES = "model"
    yield
    for title in get_pool().close():
        assert title.wait_done(10)
    get_pool().open()


@pytest.fixture
def mails(settings: Settings, transactional_db: None) -> Iterator[Mails]:
    """The site as it is with mail set up, and what it has sent: mail leaves with a commit."""
    settings.EMAIL_CONFIGURED = settings.ACCOUNT_EMAIL_NOTIFICATIONS = True
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    sent = Mails()
    yield sent
    sent.wait()


@pytest.fixture(scope="session")
def identity_provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IdentityProvider]:
    """A real one, in a process of its own."""
    provider = IdentityProvider(tmp_path_factory.mktemp("identity_provider"))
    yield provider
    provider.stop()


@pytest.fixture(autouse=True)
def nothing_left_over(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Rate limits are forgotten, no reply outlives its test, and no test's process goes on as one
    that serves.
    """
    monkeypatch.setattr(attempts, "_is_recording", False)
    monkeypatch.setattr(processes, "_signs", processes.SignsOfLife())
    for name in caches:
        caches[name].clear()
    # The one in memory, whatever the first test of this process sets.
    get_channel()
    yield
    end_replies()


def end_replies() -> None:
    for reply in get_channel().list_replies():
        reply.cancel(Message.Status.INTERRUPTED)
        assert reply.wait_done(10)


@pytest.fixture
def conversation(alice: User) -> Conversation:
    """alice's, with one turn that is complete."""
    return make_conversation(alice, "Hello", "Hello to you.")
