-- Live mailboxes: how each is read and how the reading goes. Tokens and passwords are sealed; the key that opens
-- them lies outside this file. No column can hold a body or a snippet.

-- One row per mailbox that is read by itself. Options are JSON, e.g. an IMAP server's host and port.
CREATE TABLE link (
    mailbox VARCHAR NOT NULL,
    provider VARCHAR NOT NULL,
    way VARCHAR NOT NULL,
    account VARCHAR NOT NULL,
    options VARCHAR NOT NULL,
    horizon_at TIMESTAMP,
    linked_at TIMESTAMP NOT NULL,
    is_paused BOOLEAN NOT NULL
);

-- One row per linked mailbox: its token or password, sealed.
CREATE TABLE secret (
    mailbox VARCHAR NOT NULL,
    sealed VARCHAR NOT NULL,
    sealed_at TIMESTAMP NOT NULL
);

-- One row per linked mailbox: its last pass, the trouble it met, and how far its first read is.
CREATE TABLE reading (
    mailbox VARCHAR NOT NULL,
    begun_at TIMESTAMP,
    ended_at TIMESTAMP,
    trouble VARCHAR,
    reason VARCHAR,
    failures INTEGER NOT NULL,
    retry_at TIMESTAMP,
    first_begun_at TIMESTAMP,
    first_done BIGINT,
    first_total BIGINT,
    first_ended_at TIMESTAMP,
    stored_count BIGINT NOT NULL
);
