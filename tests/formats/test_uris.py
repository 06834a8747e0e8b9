"""URIs as records hold them."""

import pytest

from mailconf.formats.uris import is_uri


@pytest.mark.parametrize(
    ("text", "schemes", "fine"),
    [
        pytest.param("mailto:a@b.example", (), True, id="mail"),
        pytest.param("https://b.example/x?y=1", ("https",), True, id="web"),
        pytest.param("HTTPS://b.example", ("https",), True, id="case"),
        pytest.param("mailto:a%2Cb@b.example", (), True, id="an escape"),
        pytest.param("mailto:a%2@b.example", (), False, id="half an escape"),
        pytest.param("https:x", (), False, id="no host"),
        pytest.param("https:///x", (), False, id="an empty host"),
        pytest.param("ftp://b.example", ("https",), False, id="another scheme"),
        pytest.param("a@b.example", (), False, id="no scheme"),
        pytest.param("mailto:a b@b.example", (), False, id="a space"),
        pytest.param("mailto:\u00fc@b.example", (), False, id="not ASCII"),
    ],
)
def test_is_uri(text: str, schemes: tuple[str, ...], fine: bool) -> None:
    assert is_uri(text, *schemes) is fine
