"""A change knows its name and whether it has come to rest."""

import pytest

from mailconf.model.plan import Change, State


@pytest.mark.parametrize("state", State)
def test_only_what_is_in_sync_has_come_to_rest(state: State) -> None:
    assert Change("a.", "A", state).is_settled is (state is State.IN_SYNC)


def test_a_change_is_called_after_its_set() -> None:
    assert str(Change("example.org.", "MX", State.PUBLISH)) == "example.org. MX"
