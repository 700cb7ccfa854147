-- What a mirror of a registry has read: one checkpoint, and one entry per agent with the terms to find it by.

CREATE TABLE sage_mirror_checkpoint (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  value BLOB NOT NULL
) STRICT;

CREATE TABLE sage_mirror_entries (
  did TEXT NOT NULL PRIMARY KEY,
  value BLOB NOT NULL
) STRICT;

CREATE TABLE sage_mirror_terms (
  term TEXT NOT NULL,
  did TEXT NOT NULL REFERENCES sage_mirror_entries (did) ON DELETE CASCADE,
  PRIMARY KEY (term, did)
) STRICT, WITHOUT ROWID;
CREATE INDEX sage_mirror_terms_did ON sage_mirror_terms (did);
