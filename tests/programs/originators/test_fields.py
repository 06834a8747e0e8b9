"""One author for every reader: which From fields are read, and which are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailconf.lab.attacks.from_outside import forms
from mailconf.programs.originators.fields import Unreadable, authors, is_cut_name

READ = [
    pytest.param("a@b.example", ["a@b.example"], id="bare"),
    pytest.param("<a@B.Example>", ["a@b.example"], id="domain in capitals"),
    pytest.param("John Q. Public <j@x.example>", ["j@x.example"], id="dot in a display name"),
    pytest.param('"Doe, John" <a@b.example>', ["a@b.example"], id="quoted comma"),
    pytest.param("\n a@b.example", ["a@b.example"], id="folded"),
    pytest.param("=?utf-8?q?J=C3=B6rg?=\r\n <a@b.example>", ["a@b.example"], id="folded name"),
    pytest.param("r@h.example (Cron (x) Daemon)", ["r@h.example"], id="comments in comments"),
    pytest.param("a@b.example <a@b.example>", ["a@b.example"], id="the same address as name"),
    pytest.param("'a@b.example' <A@b.example>", ["A@b.example"], id="in single quotes"),
    pytest.param('"x@y.example via L" <l@z.example>', ["l@z.example"], id="address in quotes"),
    pytest.param("[List] J\xf6rg <a@b.example>", ["a@b.example"], id="brackets and octets"),
    pytest.param("a@b.example, C <c@b.example>", ["a@b.example", "c@b.example"], id="list"),
    pytest.param('<"a b"@c.example>', ['"a b"@c.example'], id="quoted local part"),
    pytest.param('<"a"@c.example>', ["a@c.example"], id="quotes that mean nothing"),
    pytest.param(
        '<"a\\.b+x"@c.example>', ["a.b+x@c.example"], id="a quoted pair that means nothing"
    ),
    pytest.param('<"a\\ \\b"@c.example>', ['"a b"@c.example'], id="quoted pairs between quotes"),
    pytest.param("<a..b.@c.example>", ["a..b.@c.example"], id="dots side by side"),
    pytest.param('"C (IT)" <a@b.example>', ["a@b.example"], id="parentheses in quotes"),
    pytest.param(
        "C (IT (EU) Ops) <a@b.example>", ["a@b.example"], id="comments with space between"
    ),
    pytest.param("a@b.example (C, IT: x)", ["a@b.example"], id="a comment after the address"),
    pytest.param("(C) C. <a@b.example> (IT)", ["a@b.example"], id="comments on both sides"),
    pytest.param("C" * 978 + " <a@b.example>", ["a@b.example"], id="long"),
    pytest.param("C" * 991 + "\r\n\t<a@b.example>", ["a@b.example"], id="long, and folded"),
    pytest.param(
        "=?utf-8?Q?J=C3=B6rg?= [EXT] <a@b.example>", ["a@b.example"], id="a tag and a name"
    ),
    pytest.param(
        "[Red] =?ISO-8859-1*de?b?SvZyZw==?= <a@b.example>", ["a@b.example"], id="a tag before it"
    ),
    pytest.param(
        "=?utf-8?Q?J=40?= <a@[192.0.2.1]>", ["a@[192.0.2.1]"], id="a name before a literal"
    ),
    pytest.param("joe.@c.example", ["joe.@c.example"], id="a dot last"),
    pytest.param("j..d@c.example", ["j..d@c.example"], id="dots side by side in a bare address"),
    pytest.param("=?utf-8?Q?Dr._M=C3=BC?= <a@b.example>", ["a@b.example"], id="a dot encoded"),
    pytest.param("=?utf-8?Q?Foo Bar?= <a@b.example>", ["a@b.example"], id="a space in a word"),
    pytest.param('"=?utf-8?B?Zm9v?=" <a@b.example>', ["a@b.example"], id="encoded in quotes"),
    pytest.param("=?u?B?Zg==?= =?u?Q?b?= <a@b.example>", ["a@b.example"], id="encoded words"),
    pytest.param("<a@x_y.example> (x)", ["a@x_y.example"], id="an underscore inside"),
    pytest.param("[a][b] C [d] <a@b.example>", ["a@b.example"], id="several tags"),
    pytest.param("bot[bot] <a@b.example>", ["a@b.example"], id="a tag at a name"),
    pytest.param('"[List] C" <a@b.example>', ["a@b.example"], id="brackets in quotes"),
    pytest.param("a@[192.0.2.1]", ["a@[192.0.2.1]"], id="address literal"),
]
NOT_READ = [
    pytest.param([], id="none"),
    pytest.param(["a@b.example", "a@b.example"], id="two fields"),
    pytest.param(["", "a@b.example"], id="an empty and a full one"),
    pytest.param([""], id="empty"),
    pytest.param(["root"], id="no address"),
    pytest.param(["undisclosed:;"], id="empty group"),
    pytest.param(["We: a@b.example, <c@d.example>;"], id="group"),
    pytest.param(["We:a@b.example;"], id="group of one"),
    pytest.param(["x:;, a@b.example"], id="empty group before the address"),
    pytest.param(['"x":;,y:;, a@b.example'], id="two empty groups before the address"),
    pytest.param(["(())a@b.example"], id="touching comments"),
    pytest.param(["C (IT (EU)) <a@b.example>"], id="touching comments in a display name"),
    pytest.param(["(x)(y)a@b.example"], id="comments side by side"),
    pytest.param(["a@b.example (C (IT))"], id="touching comments after the address"),
    pytest.param(["a@b.example(C)"], id="a comment at the address"),
    pytest.param(["<a@b.example(C)>"], id="a comment in angle brackets"),
    pytest.param(["< a@b.example>"], id="a space in angle brackets"),
    pytest.param(["<a@b.example >"], id="a space before the closing one"),
    pytest.param(["a@b.example (<)"], id="an angle bracket in a comment"),
    pytest.param(["(v@c.example) <a@b.example>"], id="an address in a comment"),
    pytest.param(["(\\\\)) <a@b.example>"], id="a quoted pair in a comment"),
    pytest.param(['"a b"@c.example'], id="a quoted local part without brackets"),
    pytest.param(
        ['(x)"(" "),<v@c.example>" <a@b.example>'], id="a comment and parentheses in quotes"
    ),
    pytest.param(["x ')' (y)<a@b.example>"], id="a comment and a stray parenthesis"),
    pytest.param(["a..b@c.example (x)"], id="dots side by side without brackets"),
    pytest.param(['<"a>b"@c.example>'], id="a bracket in a quoted local part"),
    pytest.param(['<"a>,<b"@c.example>'], id="two brackets in a quoted local part"),
    pytest.param(['<"a\\\\"b"@c.example>'], id="a quote in a quoted local part"),
    pytest.param(["<.a@c.example>"], id="a dot first"),
    pytest.param(["a@[v.example]"], id="a name as an address literal"),
    pytest.param(["C" * 2000 + " <a@b.example>"], id="longer than a verifier reads"),
    pytest.param(['["]" "<a@b.example>" <c@d.example>'], id="a bracket around a quote"),
    pytest.param(["[ <a@b.example>"], id="an open bracket in the name"),
    pytest.param(["[C <a@b.example>"], id="a bracket that does not end"),
    pytest.param(["C] <a@b.example>"], id="a bracket that does not begin"),
    pytest.param(["C) <a@b.example>"], id="a parenthesis that does not begin"),
    pytest.param(["[a[b]] <a@b.example>"], id="brackets in brackets"),
    pytest.param(["[a@b.example] <a@b.example>"], id="an address in brackets"),
    pytest.param(["[(] <a@b.example> (x)"], id="a parenthesis in brackets"),
    pytest.param(["([) <a@b.example> (])"], id="brackets in comments"),
    pytest.param(['[x] "]" <a@b.example>'], id="brackets, and one in quotes"),
    pytest.param(["[\\] <a@b.example>"], id="a backslash in brackets"),
    pytest.param(['\\","<a@b.example>'], id="a backslash before a quote"),
    pytest.param(['\\"("x")""<a@b.example>"<c@d.example>'], id="a backslash and quotes"),
    pytest.param(['\\"("\\<a@b.example>'], id="a backslash before the address"),
    pytest.param(["C\\D <a@b.example>"], id="a backslash in the name"),
    pytest.param(['"b@a.example"] <a@a.example>'], id="an address in quotes and a bracket"),
    pytest.param(['"b@a.example") <a@a.example>'], id="an address in quotes and a parenthesis"),
    pytest.param(["=?utf-8?q?dora?=@c.example"], id="an encoded local part"),
    pytest.param(["joe.@c.example "], id="a dot last and a space"),
    pytest.param(
        ['(x)"<v@b.example>" (,y) <"a..b"@c.example>'], id="an address in quotes between comments"
    ),
    pytest.param(["x\n " * 680 + "<a@b.example>"], id="folded beyond what a verifier reads"),
    pytest.param(["x\r\n " * 510 + "<a@b.example>"], id="folded with CR beyond it"),
    pytest.param(["a@" + "y." * 120 + "b.example"], id="a domain without room for DMARC"),
    pytest.param(["a@_x.b.example (x)"], id="an underscore first, and a comment"),
    pytest.param(["a@x_.b.example "], id="an underscore last, and a space"),
    pytest.param(["a@[192.0.2.1]\t"], id="an address literal and a tab"),
    pytest.param(["c@b.example\r\n .d.example <c@b.example.d.example>"], id="a name in two words"),
    pytest.param(["m c@b.example <mc@b.example>"], id="a local part in two words"),
    pytest.param(['"c@b.example" [x] <a@d.example>'], id="a tag beside an address in quotes"),
    pytest.param(["=?utf-8?Q?c=40b.example?= [x] <a@d.example>"], id="a tag and an encoded word"),
    pytest.param(
        ["=?utf-8?Q?c=40b.example?= [1] <a@d.example>"], id="a number and an encoded word"
    ),
    pytest.param(["=?utf-7?Q?c+AEA-b?= [x] <a@d.example>"], id="an address in UTF-7 beside a tag"),
    pytest.param(["=?utf-8?B?AA==QGI=?= [x] <a@d.example>"], id="base64 that goes on beside a tag"),
    pytest.param(["=?utf-8?q?c==40b.example?= [1] <a@d.example>"], id="an equals sign before =40"),
    pytest.param(["=?utf-8?q?c=4?= =?utf-8?q?0b?= [x] <a@d.example>"], id="an octet in two words"),
    pytest.param(["=?x?Q?c?= [x] <a@d.example>"], id="an unknown character set beside a tag"),
    pytest.param(["=?utf-8?x?c?= [x] <a@d.example>"], id="an unknown encoding beside a tag"),
    pytest.param(['"(" <a@d.example>, B <b@e.example>'], id="a parenthesis in quotes in a list"),
    pytest.param(["C" * 979 + " <a@b.example>"], id="a first line that Postfix breaks"),
    pytest.param(["C\r\n " + "C" * 984 + " <a@b.example>"], id="a second line that Postfix breaks"),
    pytest.param(
        [" " * 990 + '"a\\" <c@b.example>, \\" " <d@b.example>'],
        id="a quoted pair that Postfix breaks",
    ),
    pytest.param(['=?utf-8?Q?x"?= <c@b.example> " <a@d.example>'], id="a quote in an encoded word"),
    pytest.param(
        ['"=?utf-8?Q?x"?=" <c@b.example>, \\"" <a@d.example>'], id="an encoded word around quotes"
    ),
    pytest.param(["=?utf-8?Q?c<a?=@b.example>"], id="a bracket in an encoded word"),
    pytest.param(["a?=@b.example"], id="the end of an encoded word"),
    pytest.param(["<=?utf-8?b?ZG9yYQ==?=@c.example>"], id="an encoded local part in brackets"),
    pytest.param(['<"=?utf-8?q?dora?="@c.example>'], id="an encoded local part in quotes"),
    pytest.param(['<"dora "@c.example>'], id="a quoted local part that ends with a space"),
    pytest.param(['<" dora"@c.example>'], id="a quoted local part that begins with a space"),
    pytest.param(["a@b.example,"], id="comma at the end"),
    pytest.param(["a@b.example <"], id="open bracket"),
    pytest.param(["a@b.example> <c@d.example>"], id="closing bracket first"),
    pytest.param(["<a@b.example> x"], id="words after the bracket"),
    pytest.param(["v@b.example <a@c.example>"], id="another address before"),
    pytest.param(["Doe, John <a@b.example>"], id="comma without quotes"),
    pytest.param(["<@x.example:a@b.example>"], id="route"),
    pytest.param(["a@b@c.example"], id="two at signs"),
    pytest.param(["a @b.example"], id="space inside"),
    pytest.param(["a(x)@b.example"], id="comment inside"),
    pytest.param(['"v@b.example"@c.example'], id="address as local part"),
    pytest.param(["a@b.example."], id="final dot"),
    pytest.param(["a@b..example"], id="empty label"),
    pytest.param(["a@-b.example"], id="hyphen first"),
    pytest.param(["a@b\xfc.example"], id="octets in the domain"),
    pytest.param(["a@b.example\rFrom: c@d.example"], id="bare CR"),
    pytest.param(["a@b.example\nc"], id="line end that folds nothing"),
    pytest.param(["a@b.example\0"], id="NUL"),
    pytest.param(["(a@b.example"], id="open comment"),
    pytest.param(['"a <b@c.example>'], id="open quote"),
    pytest.param(["x: a@b.example"], id="open group"),
    pytest.param(["x: y: a@b.example;;"], id="group in a group"),
    pytest.param(["a@b.example" + " " * 70_000], id="very long"),
]


@pytest.mark.parametrize(("value", "found"), READ)
def test_addresses_are_read(value: str, found: list[str]) -> None:
    assert authors([value]) == found


@pytest.mark.parametrize("values", NOT_READ)
def test_what_could_be_read_in_two_ways_is_unreadable(values: list[str]) -> None:
    with pytest.raises(Unreadable):
        authors(values)


@given(st.lists(st.text(alphabet='ab@.<>,:;()"\\ \t\r\n[]é', max_size=40), max_size=2))
def test_whatever_comes_is_read_or_unreadable(values: list[str]) -> None:
    try:
        found = authors(values)
    except Unreadable:
        return
    assert found
    assert all(address.count("@") == 1 and not set(address) & set("<>,;") for address in found)


@given(
    st.from_regex(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,10}", fullmatch=True).filter(
        lambda local: "=?" not in local and "?=" not in local
    ),
    st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8}){1,3}", fullmatch=True),
    st.text(alphabet="abc .'é", max_size=10),
)
def test_what_is_printed_is_read(local: str, domain: str, name: str) -> None:
    address = f"{local}@{domain}"
    assert authors([f'"{name}" <{address}>']) == authors([address]) == [address]


@pytest.mark.parametrize("filler", ["(", '"', "<", "a@b.example,", "x:", "\\", "[", "a.", "@"])
def test_whatever_is_repeated_is_unreadable(filler: str) -> None:
    with pytest.raises(Unreadable):
        authors([filler * (1990 // len(filler))])


def test_the_forms_of_the_attack_have_no_single_author() -> None:
    """Each is unreadable or has several authors: a milter refuses it, whatever DMARC says."""
    for name, head in forms("victim@a.example", "other@b.example"):
        fields = [line.partition(":") for line in head.replace("\r\n ", "\n ").split("\r\n")]
        values = [value for field, _, value in fields if field.strip() == "From"]
        if any(is_cut_name(field) for field, _, _ in fields):
            continue
        try:
            found = authors(values)
        except Unreadable:
            continue
        assert len(found) > 1, name
