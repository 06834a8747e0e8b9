-- Rendered by mailconf. Change the spec, not this file.
-- opendkim-lua(3). A message from a host of this site that a Sieve script redirects passes unsigned:
-- its From: was checked when it first came in, not now.
if odkim.internal_ip(ctx) == 1 and odkim.get_header(ctx, "X-Sieve-Redirected-From", 0) ~= nil then
  odkim.set_result(ctx, SMFIS_ACCEPT)
end
