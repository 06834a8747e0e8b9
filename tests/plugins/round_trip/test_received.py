"""Received lines tell of TLS, unless somebody hides them."""

from email import message_from_string

import pytest

from mailconf.plugins.round_trip.received import is_without_tls, protocols

HOST = "mail.example.org"
OVER_TLS = f"""from [192.0.2.1] (unknown [192.0.2.1])
\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)
\t key-exchange X25519 server-signature ECDSA (P-256) server-digest SHA256)
\t(No client certificate requested)
\tby {HOST} (Postfix) with ESMTPSA id 4abc for <alice@example.org>;
\tSat, 28 Nov 2026 12:00:00 +0000 (UTC)"""
IN_CLEAR = (
    f"from [192.0.2.1] by {HOST} (Postfix) with ESMTPA id 4abc; Sat, 28 Nov 2026 12:00:00 +0000"
)
TO_STORE = (
    f"from {HOST} by {HOST} with LMTP id x (envelope-from <a@b>); Sat, 28 Nov 2026 12:00:01 +0000"
)
FILTERED = (
    f"from localhost (localhost [127.0.0.1]) by {HOST} (Postfix) with ESMTP id 5; Sat, 28 Nov 2026"
)
ELSEWHERE = "from a.example by mx.example.net with ESMTP id 7; Sat, 28 Nov 2026 12:00:00 +0000"
UTF8 = OVER_TLS.replace("with ESMTPSA", "with UTF8SMTPSA")


@pytest.mark.parametrize(
    ("lines", "kinds", "in_clear"),
    [
        pytest.param([TO_STORE, OVER_TLS], {"ESMTPSA"}, False, id="over TLS"),
        pytest.param([UTF8], {"UTF8SMTPSA"}, False, id="internationalized"),
        pytest.param([FILTERED, OVER_TLS], {"ESMTP", "ESMTPSA"}, False, id="a filter on the host"),
        pytest.param([TO_STORE, IN_CLEAR], {"ESMTPA"}, True, id="in clear"),
        pytest.param([FILTERED, IN_CLEAR], {"ESMTP", "ESMTPA"}, True, id="in clear to a filter"),
        pytest.param([ELSEWHERE], set(), False, id="hidden"),
        pytest.param([], set(), False, id="no line at all"),
        pytest.param(["by", f"with ESMTP {'(' * 500}"], set(), False, id="odd"),
    ],
)
def test_ways(lines: list[str], kinds: set[str], in_clear: bool) -> None:
    text = "".join(f"Received: {line}\n" for line in lines)
    found = protocols(message_from_string(f"{text}Subject: x\n\nhi\n"), HOST)
    assert (found, is_without_tls(found)) == (kinds, in_clear)
