-- Times are milliseconds since 1970-01-01 UTC. Counts are kept by triggers: they also stay right when rows are deleted by hand.

CREATE TABLE sage_totals (
  name TEXT NOT NULL PRIMARY KEY,
  live INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO sage_totals (name, live) VALUES ('nonces', 0), ('sessions', 0);

CREATE TABLE sage_nonces (
  id BLOB NOT NULL PRIMARY KEY,
  scope BLOB NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sage_nonces_expires_at ON sage_nonces (expires_at);

CREATE TABLE sage_nonce_scopes (
  scope BLOB NOT NULL PRIMARY KEY,
  live INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER sage_nonces_added AFTER INSERT ON sage_nonces BEGIN
  INSERT INTO sage_nonce_scopes (scope, live) VALUES (new.scope, 1) ON CONFLICT (scope) DO UPDATE SET live = live + 1;
  UPDATE sage_totals SET live = live + 1 WHERE name = 'nonces';
END;
CREATE TRIGGER sage_nonces_removed AFTER DELETE ON sage_nonces BEGIN
  UPDATE sage_nonce_scopes SET live = live - 1 WHERE scope = old.scope;
  DELETE FROM sage_nonce_scopes WHERE scope = old.scope AND live <= 0;
  UPDATE sage_totals SET live = live - 1 WHERE name = 'nonces';
END;

CREATE TABLE sage_sessions (
  id TEXT NOT NULL PRIMARY KEY,
  peer TEXT NOT NULL,
  version INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  state BLOB NOT NULL
) STRICT;
CREATE INDEX sage_sessions_peer ON sage_sessions (peer);
CREATE INDEX sage_sessions_expires_at ON sage_sessions (expires_at);

CREATE TABLE sage_session_peers (
  peer TEXT NOT NULL PRIMARY KEY,
  live INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER sage_sessions_added AFTER INSERT ON sage_sessions BEGIN
  INSERT INTO sage_session_peers (peer, live) VALUES (new.peer, 1) ON CONFLICT (peer) DO UPDATE SET live = live + 1;
  UPDATE sage_totals SET live = live + 1 WHERE name = 'sessions';
END;
CREATE TRIGGER sage_sessions_removed AFTER DELETE ON sage_sessions BEGIN
  UPDATE sage_session_peers SET live = live - 1 WHERE peer = old.peer;
  DELETE FROM sage_session_peers WHERE peer = old.peer AND live <= 0;
  UPDATE sage_totals SET live = live - 1 WHERE name = 'sessions';
END;
