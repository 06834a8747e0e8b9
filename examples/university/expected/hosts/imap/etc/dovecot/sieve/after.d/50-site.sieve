# Rendered by mailconf. Change the spec, not this file.
require ["fileinto", "mailbox"];
if header :contains "List-Id" "announce.uni.example" {
    fileinto :create "Announcements";
}
