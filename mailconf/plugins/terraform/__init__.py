"""Terraform and OpenTofu: the records as resources in JSON syntax."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.terraform.files import resources_file
from mailconf.plugins.terraform.options import TerraformOptions

plugin = Plugin(
    name="terraform",
    summary="Write the records as Terraform resources.",
    options=TerraformOptions,
    files=Facet(site=resources_file),
)
