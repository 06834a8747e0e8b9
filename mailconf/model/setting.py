"""One plugin's wish for a line in another plugin's file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from mailconf.model.artifact import Certificate


@dataclass(frozen=True, slots=True)
class Setting:
    """Ask plugin `to`, or whichever fills the job `to`, for `key = value` on one host.

    `rank` None asks to be the only value: the engine refuses two different ones. A number makes
    the value one of several, joined in order of rank.
    """

    to: str
    host: str
    key: str
    value: str
    source: str
    rank: int | None = None
    is_answer: bool = False
    """It answers another setting: whoever asked may leave it unread."""


class Settings(tuple[Setting, ...]):
    """Settings in order; by host, key and first word of the key each is found in one step."""

    def of(self, host: str) -> Settings:
        """Return the settings for one host, by its key."""
        return self._by_host.get(host, NO_SETTINGS)

    def asked(self, key: str) -> tuple[str, ...]:
        """Return the values under `key`, in order of rank."""
        return tuple(self._by_key.get(key, ()))

    def asked_of(self, word: str) -> tuple[tuple[str, str], ...]:
        """Return the rest and the value of keys of the form `word rest`."""
        return tuple(self._by_word.get(word, ()))

    @cached_property
    def _by_host(self) -> Mapping[str, Settings]:
        found: dict[str, list[Setting]] = defaultdict(list)
        for setting in self:
            found[setting.host].append(setting)
        return {host: Settings(settings) for host, settings in found.items()}

    @cached_property
    def _by_key(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for setting in self:
            found[setting.key].append(setting.value)
        return found

    @cached_property
    def _by_word(self) -> Mapping[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for setting in self:
            word, _, rest = setting.key.partition(" ")
            found[word].append((rest, setting.value))
        return found


NO_SETTINGS = Settings()


def serves(host: str, service: str, shown: Certificate, source: str) -> Iterator[Setting]:
    """Tell tls_certificates that a service has a certificate, and for which name: path → service,
    `name path` → name."""
    path = shown.certificate
    yield Setting("tls_certificates", host, path, service, source, 0)
    yield Setting("tls_certificates", host, f"name {path}", shown.name, source, 0)
