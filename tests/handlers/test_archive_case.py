"""The print-out of a case is made once."""

from handlers.archive_case import archive_case
from tests.handlers.context import SmallOffice


def test_asking_twice_gives_the_same_print_out() -> None:
    office = SmallOffice()
    first = archive_case(office.context())
    assert archive_case(office.context()) == first
    assert first.values == office.print_outs.popitem()[1] and not office.print_outs


def test_a_process_without_a_print_out_ends_all_the_same() -> None:
    assert archive_case(SmallOffice(prints_cases=False).context()).values == {"document": None}
