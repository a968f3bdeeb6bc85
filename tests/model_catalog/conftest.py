"""Models to choose from, and a reply that a test holds still."""

import pytest

from conversations.models import ChatModel
from tests.model_catalog.factories import QUICK, SITE, THOROUGH, add_model, priced


@pytest.fixture
def models(db: None) -> list[ChatModel]:
    """The site's, one for text alone, and a dear one."""
    return [
        add_model(SITE, "Everyday"),
        add_model(
            QUICK, "Quick", reads_images=False, reads_files=False, **priced("0.05", "0.01", "0.2")
        ),
        add_model(THOROUGH, "Thorough", longest_reply=500, **priced("3", "0.3", "15")),
    ]
