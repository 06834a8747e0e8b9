"""A lab that is up."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path as File

from mailconf.lab.lab_ca import Authority
from mailconf.lab.log import LabLog
from mailconf.lab.machine import Machine
from mailconf.lab.site import Site
from mailconf.lab.zones import Signing

# No host of a spec can be called like this: a key has no dot.
NAME_SERVER = "lab.dns"


@dataclass(slots=True)
class Lab:
    """Both sites, all machines by name, the journal, who issues certificates and signs zones."""

    ours: Site
    theirs: Site
    authority: Authority
    authority_file: File
    journal: LabLog
    machines: dict[str, Machine] = field(default_factory=dict)
    signing: Signing = field(default_factory=Signing)

    @property
    def sites(self) -> tuple[Site, Site]:
        """Both sides."""
        return self.ours, self.theirs
