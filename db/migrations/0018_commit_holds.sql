-- Everything that a group of decisions writes, in one call: what it was decided by is looked at again in here, so that
-- nothing need be read and locked before it. Called by db/queries/commit-holds.ts, which says what
-- goes in and comes out.
-- Each statement in here sees what was committed when it began, as in any transaction that reads committed rows. Plans are
-- made once in a session, perhaps while a table is empty, and kept: so no scan of a whole table is ever among them.
CREATE FUNCTION "commit_holds"(decided_by bigint, counters jsonb, made jsonb, refused jsonb) RETURNS text
LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET jit = off
AS $$
DECLARE
	is_current boolean;
	is_moved boolean;
	stored integer;
BEGIN
	-- Before all else, as everyone locks the policy first: what was decided by another version must not be written.
	PERFORM 1 FROM policy p WHERE p.version = decided_by FOR SHARE;
	IF NOT FOUND THEN
		RETURN 'policy';
	END IF;

	-- Counters are locked in the order of their keys; the lateral keeps it. A counter that is of another row version than
	-- the one it was decided by is not found, and then none is moved.
	WITH given AS MATERIALIZED (
		SELECT * FROM jsonb_to_recordset(counters) AS g(
			b uuid, g integer, k text, p text, seen xid, u numeric, t bigint, c bigint, x bigint, m bigint, n integer)
		ORDER BY b, g, k COLLATE "C", p COLLATE "C"
	), locked AS MATERIALIZED (
		SELECT row.place, g.u, g.t, g.c, g.x, g.m, g.n FROM given g CROSS JOIN LATERAL (
			SELECT c.ctid AS place FROM budget_counters c
			WHERE c.budget_id = g.b AND c.generation = g.g AND c.value = g.k AND c.period = g.p AND c.xmin = g.seen
			FOR UPDATE) AS row
	), moved AS (
		UPDATE budget_counters c SET
			reserved_usd = c.reserved_usd + l.u, reserved_tokens = c.reserved_tokens + l.t,
			reserved_calls = c.reserved_calls + l.c, reserved_tool_calls = c.reserved_tool_calls + coalesce(l.x, 0),
			throttle_minute = coalesce(l.m, 0), throttle_calls = coalesce(l.n, 0),
			changed_at = greatest(clock_timestamp(), c.changed_at + interval '1 microsecond')
		FROM locked l
		WHERE c.ctid = l.place AND l.c + coalesce(l.x, 0) > 0 AND (SELECT count(*) FROM locked) = (SELECT count(*) FROM given)
		RETURNING 1
	)
	SELECT (SELECT count(*) FROM locked) = (SELECT count(*) FROM given),
		(SELECT count(*) FROM moved) = (SELECT count(*) FROM locked l WHERE l.c + coalesce(l.x, 0) > 0)
	INTO is_current, is_moved;
	IF NOT is_current THEN
		RETURN 'counters';
	END IF;
	IF NOT is_moved THEN
		-- Cannot be, as they are locked; but a hold that no counter knows of would be money past the cap. It is tried again.
		RAISE EXCEPTION 'a counter changed under its lock' USING ERRCODE = '40001';
	END IF;

	-- Who waited longer than a caller does for the locks above would hold what its caller was told nobody holds. It is tried
	-- again, and then asked whether anybody still waits. By one clock, that of the server.
	IF clock_timestamp() - statement_timestamp() > interval '1 second' THEN
		RAISE EXCEPTION 'the locks were waited for too long' USING ERRCODE = '40001';
	END IF;

	-- By bytes, as counters: two processes that store the same ids must not wait for each other in a circle.
	INSERT INTO reservations (project_id, id, state, decision, type, agent, task, task_type, feature, user_name, session,
		trace_id, provider, model, reserved_usd, holds, reasons, api_key_id, body_hash, created_at, expires_at)
	SELECT project_id, id, 'held', decision, type, agent, task, task_type, feature, user_name, session,
		trace_id, provider, model, reserved_usd, holds, coalesce(reasons, '[]'), api_key_id, body_hash, created_at, expires_at
	FROM jsonb_to_recordset(made) AS r(
		project_id uuid, id text, decision text, type text, agent text, task text, task_type text, feature text,
		user_name text, session text, trace_id text, provider text, model text, reserved_usd numeric, holds jsonb,
		reasons jsonb, api_key_id uuid, body_hash text, created_at timestamptz, expires_at timestamptz)
	ORDER BY project_id, id COLLATE "C"
	ON CONFLICT DO NOTHING;
	GET DIAGNOSTICS stored = ROW_COUNT;
	IF stored < jsonb_array_length(made) THEN
		-- Takes back what was moved above, and everything else of its transaction.
		RAISE EXCEPTION 'a reservation of this id was stored meanwhile' USING ERRCODE = 'OL001';
	END IF;

	-- After the reservations, in every process: what both lock is locked in one order.
	INSERT INTO refusals AS r (project_id, hour, source_id, code, value, agent, feature, model, calls, estimated_usd, last_at, message)
	SELECT project_id, hour, source_id, code, value, agent, feature, model, calls, estimated_usd, last_at, message
	FROM jsonb_to_recordset(refused) AS n(
		project_id uuid, hour timestamptz, source_id uuid, code text, value text, agent text, feature text, model text,
		calls bigint, estimated_usd numeric, last_at timestamptz, message text)
	ORDER BY project_id, hour, source_id, code COLLATE "C", value COLLATE "C", agent COLLATE "C", feature COLLATE "C", model COLLATE "C"
	ON CONFLICT (project_id, hour, source_id, code, value, agent, feature, model) DO UPDATE SET calls = r.calls + excluded.calls,
		estimated_usd = coalesce(r.estimated_usd + excluded.estimated_usd, r.estimated_usd, excluded.estimated_usd),
		last_at = excluded.last_at, message = excluded.message;

	RETURN pg_current_xact_id()::xid::text;
END
$$;
