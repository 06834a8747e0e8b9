"""The SQLite files of learned words, made before rspamd first opens them.

Its workers all create a file that is missing, and now and then two of them wait for each other for
good: mail is accepted, and no milter answers (seen with rspamd 3.12 and 4.1; rspamd_sqlite3_open_or_create
in src/libutil/sqlite_utils.c asks for an exclusive lock on a file that others have open). A file that
is there, with its tables and in WAL mode, needs no such lock.
"""

from __future__ import annotations

from mailconf.model.artifact import Package, Prepare

DIRECTORY = "/var/lib/rspamd"
AS_RSPAMD = ("setpriv", "--reuid=_rspamd", "--regid=_rspamd", "--init-groups")
# What rspamd would make itself; the same from 2.7 (Debian 11) to 4.1.
WORDS = (
    "BEGIN IMMEDIATE;"
    "CREATE TABLE IF NOT EXISTS tokenizer(data BLOB);"
    "CREATE TABLE IF NOT EXISTS users(id INTEGER PRIMARY KEY, name TEXT, learns INTEGER);"
    "CREATE TABLE IF NOT EXISTS languages(id INTEGER PRIMARY KEY, name TEXT, learns INTEGER);"
    "CREATE TABLE IF NOT EXISTS tokens("
    "token INTEGER NOT NULL, "
    "user INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE, "
    "language INTEGER NOT NULL REFERENCES languages(id) ON DELETE CASCADE, "
    "value INTEGER, modified INTEGER, "
    "CONSTRAINT tid UNIQUE (token, user, language) ON CONFLICT REPLACE);"
    "CREATE UNIQUE INDEX IF NOT EXISTS un ON users(name);"
    "CREATE INDEX IF NOT EXISTS tok ON tokens(token);"
    "CREATE UNIQUE INDEX IF NOT EXISTS ln ON languages(name);"
    "PRAGMA user_version = 1;"
    "INSERT OR IGNORE INTO users(id, name, learns) VALUES(0, 'default', 0);"
    "INSERT OR IGNORE INTO languages(id, name, learns) VALUES(0, 'default', 0);"
    "COMMIT;"
)
LEARNS = (
    "CREATE TABLE IF NOT EXISTS learns"
    "(id INTEGER PRIMARY KEY, flag INTEGER NOT NULL, digest TEXT NOT NULL);"
    "CREATE UNIQUE INDEX IF NOT EXISTS d ON learns(digest);"
)


def _database(name: str, tables: str) -> Prepare:
    script = f"PRAGMA journal_mode = wal; {tables}"
    wait = ("-cmd", ".timeout 5000")
    return Prepare((*AS_RSPAMD, "sqlite3", *wait, f"{DIRECTORY}/{name}.sqlite", script))


NEEDS = (
    Package("sqlite3"),
    _database("bayes.ham", WORDS),
    _database("bayes.spam", WORDS),
    _database("learn_cache", LEARNS),
)
