"""What the commands do, for programs as well: each takes its options as values and returns a report.

Nothing here prints or ends the process. What keeps a command from running is an exception: CommandError
for its options, SpecFileError and UnusableSpecError for a spec that cannot be read, SpecErrorsError for
one with errors.
"""
