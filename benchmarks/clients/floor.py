"""What any program of this kind does: YAML by libyaml, and one small template for each domain."""

import sys
from pathlib import Path

import jinja2
import yaml

TEMPLATE = """\
{% for alias, targets in domain.aliases.items() %}
{{ alias }}@{{ name }} {{ targets }}
{% endfor %}
{% for mailbox in domain.mailboxes %}
{{ mailbox }}@{{ name }} OK
{% endfor %}
{% for selector, key in domain.dkim.selectors.items() %}
{{ selector }}._domainkey IN TXT "v=DKIM1; p={{ key.public_key }}"
{% endfor %}
"""


def main(spec: str) -> None:
    domains: dict[str, dict[str, object]] = {}
    for file in (Path(spec), *sorted(Path(spec).parent.glob("domains.d/*.yaml"))):
        with file.open(encoding="utf-8") as stream:
            domains |= yaml.load(stream, yaml.CSafeLoader).get("domains", {})
    template = jinja2.Environment(trim_blocks=True).from_string(TEMPLATE)
    for name, domain in domains.items():
        template.render(name=name, domain=domain)


if __name__ == "__main__":
    main(*sys.argv[1:])
