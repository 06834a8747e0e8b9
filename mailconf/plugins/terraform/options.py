"""Options of the terraform section."""

from __future__ import annotations

from typing import Literal

from mailconf.model.base import Model


class TerraformOptions(Model):
    """dns/terraform/mailconf.tf.json; variable zone_ids says which zone of the provider is which."""

    provider: Literal["route53", "cloudflare"] | None = None
    """Who hosts the zones; nothing is written without."""
