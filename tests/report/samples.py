"""A report with one of everything."""

from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.outcome import Outcome, Report, Verdict
from mailconf.model.place import Place
from mailconf.model.plan import Change, State

ERROR = Rule("XX001", "some-fault", Severity.ERROR, "got {got}", "mend it", "RFC 5321 §1")
NOTICE = Rule("XX002", "some-note", Severity.NOTICE, "note {got}", "read it")


def finding(rule: Rule = ERROR, got: str = "x", line: int = 3) -> Finding:
    return rule.at("a.example", ("domains", "a.example"), got=got).placed(Place("s.yaml", line, 5))


def report() -> Report:
    outcomes = (
        Outcome("dns.record", "a.example. MX", Verdict.PASSED, seconds=0.5),
        Outcome("dns.record", "a.example. TXT", Verdict.PASSED),
        Outcome("smtp.auth", "one", Verdict.PASSED),
        Outcome("smtp.auth", "two", Verdict.FAILED, (finding(got="\x1b[0m<&>"),)),
        Outcome("smtp.relay", "x", Verdict.UNKNOWN, why="put off: 451"),
        Outcome("smtp.size", "x", Verdict.SKIPPED, why="refused"),
        Outcome("tls.name", "x", Verdict.CRASHED, why="KeyError('x')"),
        Outcome("tls.note", "x", Verdict.FAILED, (finding(NOTICE),)),
    )
    return Report("verify", "s.yaml", (finding(line=9), finding()), outcomes, 1.25, ("be kind",))


def plan() -> Report:
    """Return a plan with a set in every state."""
    changes = (
        Change("a.example.", "MX", State.PUBLISH, ("10 b.example.",), ("9 `c|d`.",), 300, 3600),
        Change("a.example.", "TXT", State.CACHED, (), ("v=spf1 -all",), 300, 90),
        Change("b.example.", "A", State.PROPAGATING, ("192.0.2.1",), (), 60, 60, "missing at ns2"),
        Change("c.example.", "A", State.UNKNOWN, ttl=60, why="no answer"),
        Change("d.example.", "A", State.IN_SYNC, ttl=60),
    )
    return Report("plan", "s.yaml", (), (), 1.0, changes=changes)
