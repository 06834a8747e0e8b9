# Rendered by mailconf. Change the spec, not this file.
require ["vnd.dovecot.pipe", "copy", "imapsieve", "environment"];
pipe :copy "learn" ["spam"];
