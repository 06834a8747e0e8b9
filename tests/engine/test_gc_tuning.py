"""The cyclic collector rests while much is made, and is as it was afterwards."""

import gc

from mailconf.engine.gc_tuning import RARELY, collecting_rarely, without_cyclic_gc


def test_nothing_is_collected_while_a_tree_is_built() -> None:
    with without_cyclic_gc():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_little_is_collected_while_much_is_asked() -> None:
    before = gc.get_threshold()
    with collecting_rarely():
        assert (gc.isenabled(), gc.get_threshold()) == (True, RARELY)
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
