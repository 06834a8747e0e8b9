"""Keys and policies that change while mail flows; the first process of a lab's namespaces.

`python -m tests.lab.rollover RELEASE` takes every step that `mailconf keys` knows, as an operator
does, and prints as JSON what became of the mail before, between and after.
"""

import json
import ssl
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from cryptography.hazmat.primitives.asymmetric import ec

from mailconf.engine.load import load, retargeted
from mailconf.engine.render import Renderer
from mailconf.lab.boot import boot
from mailconf.lab.lab_ca import new_key
from mailconf.lab.log import LabLog
from tests.lab.flow import Bench
from tests.lab.life import DOMAIN, HOST, Life

SPEC = Path(__file__).parent / "specs" / "life.yaml"
A_SECOND, A_DAY = timedelta(seconds=1), timedelta(days=1)
# A rotation that would begin anew, and what the operator does without a command.
NOT_NOW = ("create a new key", "remove the policy")


def change(life: Life, what: str) -> None:
    """Deploy, then publish; caches still know how it was before."""
    life.deploy()
    life.mail(f"{what}: deployed")
    life.publish()
    life.mail(f"{what}: published")


def with_next_tls_key(life: Life) -> ec.EllipticCurvePrivateKey:
    """Make the TLS key that comes next, and say so in DNS."""
    key = new_key()
    file = life.spec.with_name("next.pem")
    file.write_text(life.bench.lab.authority.issue([f"mail.{DOMAIN}"], key=key).certificate)
    life.types("tls", str(file), "--host", HOST)
    change(life, "the next TLS key")
    return key


def rotations(life: Life, next_key: ec.EllipticCurvePrivateKey) -> list[dict[str, str]]:
    """Take every step as soon as it may be taken, and not a second before."""
    taken = []
    while waiting := [s for s in life.steps() if s["next"] not in NOT_NOW]:
        soonest = min(moment(s["earliest"], life.now) for s in waiting)
        early = ""
        held = life.hold()
        if soonest > life.now:
            life.wait(soonest - life.now - A_SECOND)
            early = life.types("rotate")
            life.now += A_SECOND
        life.mail("caches know nothing")
        done = life.types("rotate")
        at = f"{life.now:%Y-%m-%d %H:%M}"
        taken.append({"at": at, "early": early, "done": done})
        change(life, done.splitlines()[0])
        if "activate key" in done:
            life.load_certificate(next_key)
            life.mail("the next certificate is loaded")
        life.release(held)
    return taken


def moment(text: str | None, now: datetime) -> datetime:
    return datetime.fromisoformat(text) if text else now


def given_up(life: Life) -> None:
    """Take the policy back, and then away."""
    text = life.key_file.read_text()
    life.key_file.write_text(text.replace("mode: enforce", "mode: none"))
    change(life, "mode none")
    life.wait(8 * A_DAY)
    life.mail("mode none: caches know nothing")
    data = yaml.safe_load(life.spec.read_text())
    data.setdefault("plugins", {})["mta_sts"] = "off"
    life.spec.write_text(yaml.safe_dump(data))
    change(life, "no policy")
    life.wait(A_DAY)
    life.mail("no policy: caches know nothing")


def story(life: Life) -> dict[str, Any]:
    life.mail("at first")
    next_key = with_next_tls_key(life)
    life.types("rotate", "--begin")
    change(life, "a rotation begins")
    taken = rotations(life, next_key)
    given_up(life)
    return {"steps": taken, "mail": life.seen}


def main(release: str) -> None:
    loaded = retargeted(load(SPEC), release)
    lab = boot(loaded, Renderer(), lambda _step: None, LabLog())
    bench = Bench(lab, ssl.create_default_context(cafile=str(lab.authority_file)))
    life = Life(bench, datetime.now(UTC).replace(microsecond=0))
    life.settle(loaded.data)
    change(life, "as the operator has it")
    life.wait(A_DAY)
    try:
        told = story(life)
    except Exception:
        sys.stderr.write("\n".join(map(str, lab.journal.since(0)))[-20000:] + "\n")
        sys.stderr.write(json.dumps(life.seen, indent=1))
        raise
    sys.stdout.write(json.dumps(told, indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
