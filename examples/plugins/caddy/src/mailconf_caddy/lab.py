"""How the lab starts Caddy: as its unit does, with the certificate that systemd would hand over."""

import re

from mailconf.api import LabMachine, LabService, LabSupport
from mailconf_caddy.files import CADDYFILE, DROP_IN

CREDENTIALS = "/run/credentials/caddy.service"
CREDENTIAL = re.compile(r"^LoadCredential=([^:]+):(.+)$", re.MULTILINE)
AS_CADDY = (
    *("setpriv", "--reuid=caddy", "--regid=caddy", "--init-groups"),
    *("--inh-caps=+net_bind_service", "--ambient-caps=+net_bind_service"),
    *("env", "HOME=/var/lib/caddy", f"CREDENTIALS_DIRECTORY={CREDENTIALS}"),
)


def _start(machine: LabMachine) -> None:
    machine.make_directory("/run/credentials")
    machine.make_directory(CREDENTIALS, "caddy")
    for name, file in CREDENTIAL.findall(machine.read(f"/{DROP_IN}")):
        owned = ("install", "-m", "400", "-o", "caddy", "-g", "caddy")
        machine.start(*owned, file, f"{CREDENTIALS}/{name}")
    machine.spawn(443, *AS_CADDY, "caddy", "run", "--config", f"/{CADDYFILE}")


LAB = LabSupport(services=(LabService("caddy", _start, "web"),))
