"""main.cf and master.cf: what is written can be read, and what cannot be read says where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailconf.formats.postfix import (
    Daemon,
    MainCf,
    MasterCf,
    Parameter,
    PostfixSyntaxError,
    Section,
)

LINE = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])
NAMES = st.from_regex(r"[A-Za-z0-9_-]{1,40}", fullmatch=True)
COMMENTS = st.lists(st.text(LINE, max_size=60).map(str.rstrip), max_size=3).map(tuple)
SECTIONS = st.builds(
    Section,
    COMMENTS,
    st.lists(
        st.builds(Parameter, NAMES, st.text(LINE, max_size=60).map(str.strip)),
        min_size=1,
        max_size=4,
    ).map(tuple),
)
IN_SERVICE = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="{}")
OVERRIDES = st.builds(Parameter, NAMES, st.text(IN_SERVICE, max_size=60).map(str.strip))
FLAG = st.sampled_from(["-", "y", "n"])
ARGUMENTS = ("flags=DRXhu", "user=vmail", "argv=/usr/bin/deliver", "${recipient}")
DAEMONS = st.builds(
    Daemon,
    name=st.from_regex(r"[A-Za-z0-9\[][A-Za-z0-9.:\[\]_-]{0,30}", fullmatch=True),
    type=st.sampled_from(["inet", "unix", "pass", "fifo", "unix-dgram"]),
    command=st.from_regex(r"[a-z][a-z-]{0,20}", fullmatch=True),
    private=FLAG,
    unprivileged=FLAG,
    chroot=FLAG,
    wakeup=st.sampled_from(["-", "60", "1000?"]),
    processes=st.sampled_from(["-", "0", "1", "100"]),
    settings=st.lists(OVERRIDES, max_size=4).map(tuple),
    arguments=st.sampled_from([(), ("-v",), ARGUMENTS]),
    why=COMMENTS,
)


@given(st.lists(SECTIONS, max_size=4))
def test_a_main_cf_reads_back(sections: list[Section]) -> None:
    main = MainCf(tuple(sections))
    assert MainCf.parse(str(main)) == main


@given(st.lists(DAEMONS, max_size=4))
def test_a_master_cf_reads_back(daemons: list[Daemon]) -> None:
    master = MasterCf(tuple(daemons))
    assert MasterCf.parse(str(master)) == master


def test_a_main_cf_is_written_in_sections() -> None:
    names = Section(
        ("Identity", "", "(postconf(5))."),
        (Parameter("myhostname", "mail.example.org"), Parameter("mydestination", "")),
    )
    sizes = Section((), (Parameter("message_size_limit", "0"),))
    assert str(MainCf((names, sizes))) == (
        "# Identity\n#\n# (postconf(5)).\n"
        "myhostname = mail.example.org\nmydestination =\n"
        "\n"
        "message_size_limit = 0\n"
    )


def test_a_master_cf_is_written_in_columns() -> None:
    users = Daemon(
        *("submission", "inet", "smtpd", "n", "-", "y"),
        settings=(
            Parameter("smtpd_sasl_auth_enable", "yes"),
            Parameter("smtpd_relay_restrictions", "permit_sasl_authenticated, reject"),
            Parameter("smtpd_milters", ""),
        ),
        why=("Users send here.",),
    )
    store = Daemon("store", "unix", "pipe", arguments=ARGUMENTS)
    assert str(MasterCf((users, store))) == (
        "\n# Users send here.\n"
        "submission  inet  n       -      y      -      -       smtpd\n"
        "  -o smtpd_sasl_auth_enable=yes\n"
        "  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }\n"
        "  -o smtpd_milters=\n"
        "store       unix  -       -      -      -      -       pipe\n"
        f"  {' '.join(ARGUMENTS)}\n"
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("a = 1", "1", id="one line"),
        pytest.param("a=1", "1", id="without blanks"),
        pytest.param("a\t=\t1\n", "1", id="tabs"),
        pytest.param("a =", "", id="empty"),
        pytest.param("a = b = c", "b = c", id="second equals sign"),
        pytest.param("a = 1 # 2", "1 # 2", id="no comment after a value"),
        pytest.param("a = 1,\n  2\n\t3\n", "1, 2 3", id="continuation"),
        pytest.param("a =\n  1\n", "1", id="value on the next line"),
        pytest.param("a = 1,\n# why\n\n  # because\n  2\n", "1, 2", id="comments between"),
        pytest.param("a = 1\na = 2\n", "2", id="the last one counts"),
    ],
)
def test_a_value_in_main_cf(text: str, value: str) -> None:
    assert MainCf.parse(text).values == {"a": value}


def test_empty_lines_part_the_sections_of_a_main_cf() -> None:
    one, other = MainCf.parse("\n\n# why\na = 1\nb = 2\n\n\n# and\n# so on\nc = 3\n").sections
    assert one == Section(("why",), (Parameter("a", "1"), Parameter("b", "2")))
    assert other == Section(("and", "so on"), (Parameter("c", "3"),))


@pytest.mark.parametrize(
    ("rest", "settings"),
    [
        pytest.param("smtpd", (), id="none"),
        pytest.param("smtpd -o a=1 -o b=2", (("a", "1"), ("b", "2")), id="on one line"),
        pytest.param(
            "smtpd\n  -o a=1\n\t-o b=2", (("a", "1"), ("b", "2")), id="on their own lines"
        ),
        pytest.param("smtpd -o { a = 1, 2 }", (("a", "1, 2"),), id="in braces"),
        pytest.param("smtpd -o {a=1, 2}", (("a", "1, 2"),), id="in braces without blanks"),
        pytest.param("smtpd -o a=", (("a", ""),), id="empty"),
        pytest.param("smtpd -o { a = }", (("a", ""),), id="empty in braces"),
        pytest.param("smtpd -o a=b=c", (("a", "b=c"),), id="second equals sign"),
        pytest.param("smtpd\n# why\n  -o a=1", (("a", "1"),), id="comment between"),
    ],
)
def test_what_a_service_overrides(rest: str, settings: tuple[tuple[str, str], ...]) -> None:
    (daemon,) = MasterCf.parse(f"smtp inet n - y - - {rest}\n").daemons
    assert daemon.settings == tuple(Parameter(*pair) for pair in settings)
    assert (daemon.command, daemon.arguments) == ("smtpd", ())


@pytest.mark.parametrize(
    ("text", "settings", "arguments"),
    [
        pytest.param("-o a=1", {"a": "1"}, (), id="short"),
        pytest.param("-oa=1", {"a": "1"}, (), id="attached"),
        pytest.param("-o { a = 1, 2 }", {"a": "1, 2"}, (), id="long"),
        pytest.param("-o { a = x { y, z=1 } }", {"a": "x { y, z=1 }"}, (), id="nested"),
        pytest.param("argv=/b -o c=1", {}, ("argv=/b", "-o", "c=1"), id="of the command"),
        pytest.param("\t-o a=1", {"a": "1"}, (), id="after a tab"),
    ],
)
def test_options_come_before_the_command_s_own_words(
    text: str, settings: dict[str, str], arguments: tuple[str, ...]
) -> None:
    (daemon,) = MasterCf.parse(f"x unix - n n - - pipe {text}\n").daemons
    assert {s.name: s.value for s in daemon.settings} == settings
    assert daemon.arguments == arguments


def test_arguments_are_no_settings() -> None:
    (daemon,) = MasterCf.parse(
        f"store unix - n n - - pipe -o a=1\n  {' '.join(ARGUMENTS)}\n"
    ).daemons
    assert (daemon.settings, daemon.arguments) == ((Parameter("a", "1"),), ARGUMENTS)


def test_a_service_is_found_by_its_name() -> None:
    master = MasterCf.parse("smtp inet n - y - - smtpd\nrelay unix - - y - - smtp\n")
    assert master.service("relay") == master.daemons[1]
    assert master.service("submission") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("a = 1\nb\n", "line 2: found 'b'; expected NAME = VALUE", id="no value"),
        pytest.param("# why\n\na b = 1\n", "line 3: 'a b' is no parameter name", id="name"),
        pytest.param("= 1\n", "line 1: '' is no parameter name", id="no name"),
        pytest.param("a = 1\n  2\nb\n  c\n", "line 3: found 'b c'", id="after a continuation"),
        pytest.param("a = 1\x00\n", "line 1: .* cannot stand in main.cf", id="NUL"),
    ],
)
def test_a_main_cf_that_is_none(text: str, told: str) -> None:
    with pytest.raises(PostfixSyntaxError, match=told):
        MainCf.parse(text)


SMTP = "smtp inet n - y - - smtpd\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            f"{SMTP}relay unix - -\n", "line 2: found 4 columns; expected 8", id="columns"
        ),
        pytest.param(f"# why\n{SMTP}  -o a\n", "line 2: .*expected -o NAME=VALUE", id="no value"),
        pytest.param(f"{SMTP}  -o {{ a }}\n", "line 1: .*expected -o NAME=VALUE", id="in braces"),
        pytest.param(f"{SMTP}  -o a/b=1\n", "line 1: 'a/b' is no parameter name", id="name"),
        pytest.param(f"{SMTP}  -o a=1\n\nrelay\n", "line 4: found 1 columns", id="after overrides"),
    ],
)
def test_a_master_cf_that_is_none(text: str, told: str) -> None:
    with pytest.raises(PostfixSyntaxError, match=told):
        MasterCf.parse(text)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        pytest.param("a b", "1", "no parameter name", id="blank in the name"),
        pytest.param("", "1", "no parameter name", id="no name"),
        pytest.param("a\n", "1", "no parameter name", id="line end after the name"),
        pytest.param("a", "1\nb = 2", "cannot stand in main.cf", id="line end in the value"),
        pytest.param("a", " 1", "cannot stand in main.cf", id="blank before the value"),
        pytest.param("a", "1 ", "cannot stand in main.cf", id="blank after the value"),
    ],
)
def test_what_no_parameter_can_be(name: str, value: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Parameter(name, value)
