-- Times are milliseconds since 1970-01-01 UTC, by the clock of the node. Counts are kept by triggers: they also stay right when rows are
-- deleted by hand. Whatever writes locks nonces or sessions first, then the count of the scope or peer, then a total: no two deadlock.

-- The sum of the rows of a name is what counts. They are several so that not every write waits for the same row; single ones may be negative.
CREATE TABLE sage_totals (
  name text COLLATE "C" NOT NULL,
  stripe smallint NOT NULL,
  live bigint NOT NULL,
  PRIMARY KEY (name, stripe)
) WITH (fillfactor = 50);
INSERT INTO sage_totals (name, stripe, live) SELECT name, stripe, 0 FROM unnest(ARRAY['nonces', 'sessions']) AS name, generate_series(0, 15) AS stripe;

CREATE TABLE sage_nonces (
  id bytea NOT NULL PRIMARY KEY,
  scope bytea NOT NULL,
  expires_at bigint NOT NULL
);
CREATE INDEX sage_nonces_expires_at ON sage_nonces (expires_at);

CREATE TABLE sage_nonce_scopes (
  scope bytea NOT NULL PRIMARY KEY,
  live bigint NOT NULL
) WITH (fillfactor = 50);

CREATE FUNCTION sage_nonces_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sage_nonce_scopes AS known (scope, live) SELECT scope, count(*) FROM added GROUP BY scope ORDER BY scope
    ON CONFLICT (scope) DO UPDATE SET live = known.live + excluded.live;
  UPDATE sage_totals SET live = live + (SELECT count(*) FROM added) WHERE name = 'nonces' AND stripe = pg_backend_pid() % 16;
  RETURN NULL;
END $$;
CREATE TRIGGER sage_nonces_added AFTER INSERT ON sage_nonces REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION sage_nonces_added();

CREATE FUNCTION sage_nonces_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE sage_nonce_scopes AS known SET live = known.live - gone.number
    FROM (SELECT scope, count(*) AS number FROM removed GROUP BY scope) AS gone WHERE known.scope = gone.scope;
  DELETE FROM sage_nonce_scopes WHERE live <= 0 AND scope IN (SELECT scope FROM removed);
  UPDATE sage_totals SET live = live - (SELECT count(*) FROM removed) WHERE name = 'nonces' AND stripe = pg_backend_pid() % 16;
  RETURN NULL;
END $$;
CREATE TRIGGER sage_nonces_removed AFTER DELETE ON sage_nonces REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION sage_nonces_removed();

-- 0 accepted, 1 replayed, 2 full. The total may be passed by as many as call at the same moment; the count of a scope never is.
CREATE FUNCTION sage_consume_nonce(p_id bytea, p_scope bytea, p_now bigint, p_expires_at bigint, p_scope_limit bigint, p_total_limit bigint)
RETURNS smallint LANGUAGE plpgsql AS $$
DECLARE
  has_room boolean;
  known_until bigint;
BEGIN
  -- Before the look at the nonce: one that another call adds meanwhile is then a replay, although it took the last place.
  has_room := (SELECT sum(live) FROM sage_totals WHERE name = 'nonces') < p_total_limit
    AND NOT EXISTS (SELECT FROM sage_nonce_scopes WHERE scope = p_scope AND live >= p_scope_limit);
  SELECT expires_at INTO known_until FROM sage_nonces WHERE id = p_id;
  IF known_until > p_now THEN
    RETURN 1;
  END IF;

  IF known_until IS NOT NULL THEN
    DELETE FROM sage_nonces WHERE id = p_id AND expires_at <= p_now;
  ELSIF NOT has_room THEN
    RETURN 2;
  END IF;

  INSERT INTO sage_nonces (id, scope, expires_at) VALUES (p_id, p_scope, p_expires_at) ON CONFLICT (id) DO NOTHING;
  IF NOT FOUND THEN
    RETURN 1;
  END IF;

  -- The trigger holds the row of the scope now, so that this count is exact.
  IF (SELECT live FROM sage_nonce_scopes WHERE scope = p_scope) > p_scope_limit THEN
    DELETE FROM sage_nonces WHERE id = p_id;
    RETURN 2;
  END IF;

  RETURN 0;
END $$;

-- One at a time: two would lock the counts in different orders.
CREATE FUNCTION sage_remove_expired_nonces(p_now bigint, p_most integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  number integer;
BEGIN
  IF NOT EXISTS (SELECT FROM sage_nonces WHERE expires_at <= p_now) THEN
    RETURN 0;
  END IF;

  PERFORM pg_advisory_xact_lock(1396787013, 1);
  DELETE FROM sage_nonces WHERE id IN (SELECT id FROM sage_nonces WHERE expires_at <= p_now ORDER BY expires_at LIMIT p_most);
  GET DIAGNOSTICS number = ROW_COUNT;
  RETURN number;
END $$;

CREATE TABLE sage_sessions (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  peer text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  expires_at bigint NOT NULL,
  state bytea NOT NULL
);
CREATE INDEX sage_sessions_peer ON sage_sessions (peer);
CREATE INDEX sage_sessions_expires_at ON sage_sessions (expires_at);

CREATE TABLE sage_session_peers (
  peer text COLLATE "C" NOT NULL PRIMARY KEY,
  live bigint NOT NULL
) WITH (fillfactor = 50);

CREATE FUNCTION sage_sessions_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sage_session_peers AS known (peer, live) SELECT peer, count(*) FROM added GROUP BY peer ORDER BY peer
    ON CONFLICT (peer) DO UPDATE SET live = known.live + excluded.live;
  UPDATE sage_totals SET live = live + (SELECT count(*) FROM added) WHERE name = 'sessions' AND stripe = pg_backend_pid() % 16;
  RETURN NULL;
END $$;
CREATE TRIGGER sage_sessions_added AFTER INSERT ON sage_sessions REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION sage_sessions_added();

CREATE FUNCTION sage_sessions_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE sage_session_peers AS known SET live = known.live - gone.number
    FROM (SELECT peer, count(*) AS number FROM removed GROUP BY peer) AS gone WHERE known.peer = gone.peer;
  DELETE FROM sage_session_peers WHERE live <= 0 AND peer IN (SELECT peer FROM removed);
  UPDATE sage_totals SET live = live - (SELECT count(*) FROM removed) WHERE name = 'sessions' AND stripe = pg_backend_pid() % 16;
  RETURN NULL;
END $$;
CREATE TRIGGER sage_sessions_removed AFTER DELETE ON sage_sessions REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION sage_sessions_removed();

-- 0 full, 1 added, 2 duplicate. The total may be passed by as many as call at the same moment; the count of a peer never is.
CREATE FUNCTION sage_add_session(
  p_id text, p_peer text, p_version bigint, p_expires_at bigint, p_state bytea, p_now bigint, p_peer_limit bigint, p_total_limit bigint)
RETURNS smallint LANGUAGE plpgsql AS $$
DECLARE
  has_room boolean;
  known_until bigint;
BEGIN
  SELECT expires_at INTO known_until FROM sage_sessions WHERE id = p_id;
  IF known_until > p_now THEN
    RETURN 2;
  END IF;

  -- An expired session of this id gives its place back before places are counted.
  IF known_until IS NOT NULL THEN
    DELETE FROM sage_sessions WHERE id = p_id AND expires_at <= p_now;
  END IF;

  has_room := (SELECT sum(live) FROM sage_totals WHERE name = 'sessions') < p_total_limit
    AND NOT EXISTS (SELECT FROM sage_session_peers WHERE peer = p_peer AND live >= p_peer_limit);
  IF NOT has_room THEN
    RETURN CASE WHEN EXISTS (SELECT FROM sage_sessions WHERE id = p_id) THEN 2 ELSE 0 END;
  END IF;

  INSERT INTO sage_sessions (id, peer, version, expires_at, state) VALUES (p_id, p_peer, p_version, p_expires_at, p_state) ON CONFLICT (id) DO NOTHING;
  IF NOT FOUND THEN
    RETURN 2;
  END IF;

  IF (SELECT live FROM sage_session_peers WHERE peer = p_peer) > p_peer_limit THEN
    DELETE FROM sage_sessions WHERE id = p_id;
    RETURN 0;
  END IF;

  RETURN 1;
END $$;

CREATE FUNCTION sage_remove_expired_sessions(p_now bigint, p_most integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  number integer;
BEGIN
  IF NOT EXISTS (SELECT FROM sage_sessions WHERE expires_at <= p_now) THEN
    RETURN 0;
  END IF;

  PERFORM pg_advisory_xact_lock(1396787013, 2);
  DELETE FROM sage_sessions WHERE id IN (SELECT id FROM sage_sessions WHERE expires_at <= p_now ORDER BY expires_at LIMIT p_most);
  GET DIAGNOSTICS number = ROW_COUNT;
  RETURN number;
END $$;
