-- The facts: what connectors brought, what people said about themselves, what was decided by hand.
-- Times are UTC in plain TIMESTAMP. No column can hold a body or a snippet.

-- One row per message as one mailbox holds it. Addresses are in compared form (lower case, no +tag).
CREATE TABLE copy (
    copy_key UBIGINT NOT NULL,
    mailbox VARCHAR NOT NULL,
    provider VARCHAR NOT NULL,
    provider_id VARCHAR NOT NULL,
    provider_thread VARCHAR,
    copied_at TIMESTAMP,
    sent_at TIMESTAMP,
    imported_at TIMESTAMP NOT NULL,
    labels VARCHAR[] NOT NULL,
    is_hidden BOOLEAN NOT NULL,
    is_merging BOOLEAN NOT NULL,
    size_bytes BIGINT,
    message_id VARCHAR,
    subject VARCHAR,
    subject_digest VARCHAR,
    from_address VARCHAR,
    from_name VARCHAR,
    sender_address VARCHAR,
    original_from VARCHAR,
    is_from_list BOOLEAN NOT NULL,
    reply_to VARCHAR[] NOT NULL,
    to_addresses VARCHAR[] NOT NULL,
    cc_addresses VARCHAR[] NOT NULL,
    bcc_addresses VARCHAR[] NOT NULL,
    delivered_to VARCHAR[] NOT NULL,
    reply_ids VARCHAR[] NOT NULL,
    reference_ids VARCHAR[] NOT NULL,
    list_id VARCHAR,
    unsubscribe_hosts VARCHAR[] NOT NULL,
    marks VARCHAR[] NOT NULL,
    problems VARCHAR[] NOT NULL
);

-- One row per later observation of a copy: its labels changed, or its folder membership ended.
CREATE TABLE placement (
    placement_no BIGINT NOT NULL,
    copy_key UBIGINT NOT NULL,
    observed_at TIMESTAMP NOT NULL,
    labels VARCHAR[] NOT NULL
);
CREATE SEQUENCE placement_sequence;

-- One row per source that a mailbox is read from: where the next read goes on.
CREATE TABLE cursor (
    mailbox VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    cursor VARCHAR NOT NULL,
    stored_at TIMESTAMP NOT NULL
);

-- One row per import run: what was read, stored, known and refused, and by which mailbox.
CREATE TABLE import_run (
    run_id BIGINT NOT NULL,
    source VARCHAR NOT NULL,
    started_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP,
    read_count BIGINT NOT NULL,
    stored_count BIGINT NOT NULL,
    known_count BIGINT NOT NULL,
    refused_count BIGINT NOT NULL
);
CREATE SEQUENCE import_run_sequence;

-- One row per part of a source that could not be kept: where it stood and why.
CREATE TABLE refusal (
    run_id BIGINT NOT NULL,
    source VARCHAR NOT NULL,
    position BIGINT NOT NULL,
    reason VARCHAR NOT NULL
);

-- One row per setting that differs from its default (JSON).
CREATE TABLE setting (
    name VARCHAR PRIMARY KEY,
    value VARCHAR NOT NULL
);

-- One row per internal domain; `*.acme.com` is acme.com with its subdomains.
CREATE TABLE internal_domain (
    domain VARCHAR PRIMARY KEY,
    has_subdomains BOOLEAN NOT NULL
);

-- One row per listed group or list of ours.
CREATE TABLE internal_group (
    address VARCHAR PRIMARY KEY,
    name VARCHAR
);

-- One row per allowed sender of web-form notifications.
CREATE TABLE form_sender (
    address VARCHAR PRIMARY KEY
);

-- One row per sender whose messages need no reply: an address or a whole domain.
CREATE TABLE dismissed_sender (
    pattern VARCHAR PRIMARY KEY,
    reason VARCHAR NOT NULL
);

-- One row per team.
CREATE TABLE team (
    team_id VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL
);

-- One row per person; the id is the person's first address.
CREATE TABLE person (
    person_id VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    from_day DATE,
    until_day DATE
);

-- One row per address of a person: work, alias, send-as, private.
CREATE TABLE person_address (
    address VARCHAR PRIMARY KEY,
    person_id VARCHAR NOT NULL
);

-- One row per stay of a person in a team; both days inclusive, open where absent.
CREATE TABLE membership (
    person_id VARCHAR NOT NULL,
    team_id VARCHAR NOT NULL,
    from_day DATE,
    until_day DATE
);

-- One row per mailbox of ours: personal (with an owner) or shared.
CREATE TABLE mailbox (
    mailbox VARCHAR PRIMARY KEY,
    name VARCHAR,
    kind VARCHAR NOT NULL,
    owner_id VARCHAR,
    team_id VARCHAR,
    backfill_from TIMESTAMP,
    synced_at TIMESTAMP
);

-- One row per person who works a shared mailbox.
CREATE TABLE mailbox_member (
    mailbox VARCHAR NOT NULL,
    person_id VARCHAR NOT NULL
);

-- One row per version of a schedule, in force from a local day on. Scope: workspace, team or mailbox.
CREATE TABLE schedule (
    schedule_id BIGINT NOT NULL,
    scope VARCHAR NOT NULL,
    scope_id VARCHAR NOT NULL,
    zone VARCHAR NOT NULL,
    from_day DATE,
    until_day DATE,
    country VARCHAR,
    region VARCHAR
);
CREATE SEQUENCE schedule_sequence;

-- One row per weekly opening of a schedule: weekday 1 (Monday) to 7, minutes after local midnight.
CREATE TABLE weekly_opening (
    schedule_id BIGINT NOT NULL,
    weekday INTEGER NOT NULL,
    opens_minute INTEGER NOT NULL,
    closes_minute INTEGER NOT NULL
);

-- One row per day off of a schedule that no calendar library knows (typed in or from an .ics file).
CREATE TABLE day_off (
    schedule_id BIGINT NOT NULL,
    day DATE NOT NULL,
    name VARCHAR NOT NULL
);

-- One row per leave of a person; both local days inclusive.
CREATE TABLE leave (
    person_id VARCHAR NOT NULL,
    from_day DATE NOT NULL,
    until_day DATE NOT NULL,
    name VARCHAR
);

-- One row per goal: within `seconds` on `clock` for `share` of the waits of `class`.
CREATE TABLE goal (
    goal_id BIGINT NOT NULL,
    scope VARCHAR NOT NULL,
    scope_id VARCHAR NOT NULL,
    class VARCHAR NOT NULL,
    clock VARCHAR NOT NULL,
    seconds BIGINT NOT NULL,
    share DOUBLE NOT NULL,
    from_day DATE,
    until_day DATE
);
CREATE SEQUENCE goal_sequence;

-- One row per decision by hand about a copy. Kinds: dismiss, call, by_hand, human, automated, assign, withdraw.
CREATE TABLE override (
    override_no BIGINT NOT NULL,
    mailbox VARCHAR NOT NULL,
    provider_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    decided_at TIMESTAMP NOT NULL,
    effective_at TIMESTAMP NOT NULL,
    decided_by VARCHAR NOT NULL,
    person_id VARCHAR,
    reason VARCHAR
);
CREATE SEQUENCE override_sequence;

-- One row per change somebody made to people, schedules, goals, settings or overrides.
CREATE TABLE audit (
    audit_no BIGINT NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    changed_by VARCHAR NOT NULL,
    action VARCHAR NOT NULL,
    subject_of VARCHAR NOT NULL,
    detail VARCHAR
);
CREATE SEQUENCE audit_sequence;

-- One row per copy whose derivations are not up to date: new, relabelled or overridden.
CREATE TABLE pending_copy (
    copy_key UBIGINT NOT NULL
);

-- One row per reason to derive everything again (people, domains, schedules or settings changed).
CREATE TABLE pending_rebuild (
    reason VARCHAR NOT NULL
);
