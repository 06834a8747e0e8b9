# Rendered by mailconf. Change the spec, not this file.
require ["fileinto"];
if header :is "X-Spam" "Yes" {
    fileinto "Junk";
    stop;
}
