-- Rendered by mailconf. Change the spec, not this file.
-- opendkim-lua(3). A message from a host of this site that a Sieve script redirects passes unsigned:
-- its From: was checked when it first came in, not now. Messages that an MX host forwards
-- for external senders are not signed either.
if odkim.internal_ip(ctx) == 1 then
  for _, name in ipairs({"X-Sieve-Redirected-From", "X-Mailconf-External"}) do
    if odkim.get_header(ctx, name, 0) ~= nil then
      odkim.set_result(ctx, SMFIS_ACCEPT)
    end
  end
end
