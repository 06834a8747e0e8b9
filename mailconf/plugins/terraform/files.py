"""One file in Terraform's JSON configuration syntax for all zones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePosixPath

from mailconf.model.artifact import SITE, Render
from mailconf.model.plugin import View
from mailconf.model.zone import zones
from mailconf.plugins.terraform.options import TerraformOptions
from mailconf.plugins.terraform.resources import RESOURCES

ZONE_IDS = {
    "type": "map(string)",
    "description": "The provider's id of each zone, by its name without a final dot.",
}


def resources_file(view: View[TerraformOptions]) -> Iterator[Render]:
    """Order the file, if a provider is named."""
    if view.options.provider:
        kind, resources = RESOURCES[view.options.provider]
        found = zones(view.spec, view.records)
        body = {
            "//": "Rendered by mailconf. Change the spec, not this file.",
            "variable": {"zone_ids": ZONE_IDS},
            "resource": {kind: dict(pair for zone in found for pair in resources(zone))},
        }
        path = PurePosixPath("dns", "terraform", "mailconf.tf.json")
        yield Render(SITE, path, "mailconf.tf.json.j2", json.dumps(body, indent=2))
