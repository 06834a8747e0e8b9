"""What a machine makes of what its commands print."""

import pytest

from mailconf.lab.machine import reason

SIEVE = "50-site: line 2: error: expected end of command ';', but found '/'."
SIEVEC = "sievec: Fatal: failed to compile sieve script '/etc/dovecot/sieve/50-site.sieve'"
NFT = "/etc/nftables.conf:7:3-8: Error: syntax error, unexpected string"
DOVECONF = "doveconf: Fatal: Error in configuration file /x: Unknown setting: ssl_min_protocl"
NGINX = 'nginx: [emerg] unknown directive "lissten" in /etc/nginx/nginx.conf:3'
NGINX_END = "nginx: configuration file /etc/nginx/nginx.conf test failed"
POSTFIX = "postconf: warning: /etc/postfix/main.cf: unused parameter: x=y"


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        pytest.param("", "it printed no reason", id="nothing"),
        pytest.param(" \n\n", "it printed no reason", id="blank lines"),
        pytest.param(f"{DOVECONF}\n", DOVECONF, id="one line"),
        pytest.param("usage: x\nmore\n", "more", id="no complaint"),
        pytest.param(f"{SIEVE}\n{SIEVEC}\n", f"{SIEVE}; {SIEVEC}", id="cause, then the file"),
        pytest.param(f"{NGINX}\n{NGINX_END}\n", f"{NGINX}; {NGINX_END}", id="nginx"),
        pytest.param(f"{NFT}\n  chian x\n  ^^^^^\n", NFT, id="source below it"),
        pytest.param(f"{POSTFIX}\n{DOVECONF}\n", DOVECONF, id="a warning comes first"),
    ],
)
def test_the_reason_is_what_names_the_cause(printed: str, expected: str) -> None:
    assert reason(printed) == expected
