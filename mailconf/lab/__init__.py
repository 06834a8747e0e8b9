"""The lab: real daemons on the rendered files, in namespaces that vanish with their first process."""
