-- The history that `whoblocks watch` writes: application_id 0x77686f62, user_version 1.
-- Times are microseconds since 1970-01-01 00:00 UTC by the wall clock; NULL where unknown.
-- States, blockers and mechanisms are the words of result.schema.json.

-- A port that is watched from one place.
CREATE TABLE subject (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,      -- what the user calls it
	port INTEGER NOT NULL,
	hosts TEXT NOT NULL,            -- separated by blanks; '' for servers of the list
	sentence TEXT                   -- of the newest run
) STRICT;

-- One measurement.
CREATE TABLE run (
	id INTEGER PRIMARY KEY,         -- rises with time, whatever the clock does
	subject INTEGER NOT NULL REFERENCES subject,
	started_us INTEGER NOT NULL,
	ended_us INTEGER NOT NULL,
	status INTEGER NOT NULL,        -- the exit status; 2 to 6: could not measure
	state TEXT NOT NULL,            -- 'unknown' also when it failed
	blocker TEXT NOT NULL,
	suspects TEXT,                  -- separated by blanks, where the blocker is unknown
	mechanism TEXT NOT NULL,
	family INTEGER NOT NULL,        -- 4, 6, 46; 0: none
	confidence REAL,
	target_accepted INTEGER NOT NULL, -- SYNs with unlimited TTL to the port, and what they drew
	target_reset INTEGER NOT NULL,
	target_icmp INTEGER NOT NULL,
	target_silent INTEGER NOT NULL,
	control_accepted INTEGER NOT NULL, -- the same for the control ports
	control_reset INTEGER NOT NULL,
	control_icmp INTEGER NOT NULL,
	control_silent INTEGER NOT NULL,
	control_rtt_ms REAL,            -- the median
	clock_ok INTEGER NOT NULL,      -- 1: the clock was synchronised
	clock_step_us INTEGER,          -- by how much it was set since the run before
	boot INTEGER NOT NULL           -- differs after the machine was started anew; 0: unknown
) STRICT;
CREATE INDEX run_started ON run (subject, started_us);

-- A state of the port that two runs confirmed.
CREATE TABLE period (
	id INTEGER PRIMARY KEY,
	subject INTEGER NOT NULL REFERENCES subject,
	state TEXT NOT NULL,
	blocker TEXT NOT NULL,
	suspects TEXT,
	mechanism TEXT NOT NULL,
	before_us INTEGER,              -- it began after this: end of the last run that said otherwise
	since_us INTEGER NOT NULL,      -- and before this: start of the first run that said so
	confirmed_us INTEGER NOT NULL,
	last_us INTEGER NOT NULL,       -- it ended after this: end of the last run that said so
	until_us INTEGER,               -- and before this; NULL: it lasts
	unobserved_us INTEGER NOT NULL, -- how much of the time from since to last lies in gaps
	sentence TEXT,                  -- of the run that confirmed it
	result TEXT,                    -- its JSON object
	evidence TEXT,                  -- folder of the run that saw the change first
	proof TEXT                      -- folder of the run that confirmed it
) STRICT;
CREATE INDEX period_since ON period (subject, since_us);

-- Nobody looked.
CREATE TABLE gap (
	id INTEGER PRIMARY KEY,
	subject INTEGER NOT NULL REFERENCES subject,
	from_us INTEGER NOT NULL,
	to_us INTEGER NOT NULL,
	why TEXT NOT NULL               -- stopped, suspended, no-network, failed
) STRICT;

-- Sums since the beginning; rows of `run` are deleted after 400 days.
CREATE TABLE sums (
	subject INTEGER PRIMARY KEY REFERENCES subject,
	runs_open INTEGER NOT NULL,
	runs_closed INTEGER NOT NULL,
	runs_blocked INTEGER NOT NULL,
	runs_intercepted INTEGER NOT NULL,
	runs_degraded INTEGER NOT NULL,
	runs_unknown INTEGER NOT NULL,
	runs_failed INTEGER NOT NULL,
	changes INTEGER NOT NULL,
	target_accepted INTEGER NOT NULL,
	target_reset INTEGER NOT NULL,
	target_icmp INTEGER NOT NULL,
	target_silent INTEGER NOT NULL,
	control_accepted INTEGER NOT NULL,
	control_reset INTEGER NOT NULL,
	control_icmp INTEGER NOT NULL,
	control_silent INTEGER NOT NULL
) STRICT;

-- Servers that the user named, as the newest run met them.
CREATE TABLE server (
	subject INTEGER NOT NULL REFERENCES subject,
	host TEXT NOT NULL,
	port INTEGER NOT NULL,
	family INTEGER NOT NULL,
	state TEXT NOT NULL,
	not_after_us INTEGER            -- end of its certificate
) STRICT;

-- The watch's own notes, to go on after a restart. Nobody else's.
CREATE TABLE tracker (
	subject INTEGER PRIMARY KEY REFERENCES subject,
	interval_us INTEGER NOT NULL,
	has_period INTEGER NOT NULL,
	period_state TEXT NOT NULL,
	period_who INTEGER NOT NULL,
	period_mechanism TEXT NOT NULL,
	period_before_us INTEGER NOT NULL,
	period_since_us INTEGER NOT NULL,
	period_confirmed_us INTEGER NOT NULL,
	period_last_us INTEGER NOT NULL,
	period_unobserved_us INTEGER NOT NULL,
	has_candidate INTEGER NOT NULL,
	candidate_state TEXT NOT NULL,
	candidate_who INTEGER NOT NULL,
	candidate_mechanism TEXT NOT NULL,
	candidate_before_us INTEGER NOT NULL,
	candidate_since_us INTEGER NOT NULL,
	candidate_last_us INTEGER NOT NULL,
	candidate_unobserved_us INTEGER NOT NULL,
	candidate_hurried INTEGER NOT NULL,
	has_decided INTEGER NOT NULL,
	decided_state TEXT NOT NULL,
	decided_who INTEGER NOT NULL,
	decided_us INTEGER NOT NULL,
	left_us INTEGER NOT NULL,
	observed_us INTEGER NOT NULL,
	unobserved_us INTEGER NOT NULL,
	idle TEXT NOT NULL,
	last_wall_us INTEGER NOT NULL,
	last_boot_us INTEGER NOT NULL,
	last_asleep_us INTEGER NOT NULL,
	last_boot INTEGER NOT NULL,
	changes INTEGER NOT NULL,
	flapping INTEGER NOT NULL
) STRICT;
