"""main.cf, section by section; each module says why its parameters are as they are."""
