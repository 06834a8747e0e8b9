"""What a rendered main.cf or master.cf must not say, whoever made it say so."""
