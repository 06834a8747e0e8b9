"""Options of the terraform section."""

from __future__ import annotations

from typing import Literal

from mailconf.model.base import Model


class TerraformOptions(Model):
    """dns/terraform/mailconf.tf.json; the variable zone_ids maps zone names to zone IDs."""

    provider: Literal["route53", "cloudflare"] | None = None
    """Who hosts the zones; nothing is written without."""
