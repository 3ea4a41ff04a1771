"""A ticket's mind on a desk without an exchange."""

from __future__ import annotations

import pytest

from otoco_desktop.ui.ticket.presenter import TicketPresenter
from tests.ui.fakes import FakeDesk


@pytest.fixture
def presenter(desk: FakeDesk) -> TicketPresenter:
    return TicketPresenter(desk)
