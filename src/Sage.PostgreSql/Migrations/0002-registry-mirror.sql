-- What a mirror of a registry has read: one checkpoint, and one entry per agent with the terms to find it by.

CREATE TABLE sage_mirror_checkpoint (
  id smallint NOT NULL PRIMARY KEY CHECK (id = 1),
  value bytea NOT NULL
);

CREATE TABLE sage_mirror_entries (
  did text COLLATE "C" NOT NULL PRIMARY KEY,
  value bytea NOT NULL
);

CREATE TABLE sage_mirror_terms (
  term text COLLATE "C" NOT NULL,
  did text COLLATE "C" NOT NULL REFERENCES sage_mirror_entries (did) ON DELETE CASCADE,
  PRIMARY KEY (term, did)
);
CREATE INDEX sage_mirror_terms_did ON sage_mirror_terms (did);
