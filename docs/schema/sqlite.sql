-- Printed from the migrations by `node scripts/schema.ts`; change it there.

CREATE TABLE "alarm" (
  "kind" text not null,
  "subject_id" text not null,
  "subject_name" text not null,
  "event_id" text not null,
  "team" text,
  "actor" text not null,
  "started_at" integer not null,
  "text" text not null,
  constraint "alarm_pk" primary key ("kind", "subject_id")
) without rowid;

CREATE TABLE "api_key" (
  "id" text primary key,
  "token_hash" text not null,
  "name" text not null,
  "user_id" text,
  "scope" text not null,
  "actor" text not null,
  "created_at" integer not null,
  "expires_at" integer,
  "last_used_at" integer,
  "revoked_at" integer,
  "revoked_by" text
);

CREATE UNIQUE INDEX "api_key_token" on "api_key" ("token_hash");

CREATE INDEX "api_key_user" on "api_key" ("user_id");

CREATE TABLE "attempt" (
  "position" integer primary key,
  "run_id" text not null,
  "number" integer not null,
  "started_at" integer not null,
  "ended_at" integer not null,
  "outcome" text not null,
  "error_code" text,
  "message" text not null,
  "status" integer,
  "record" text not null,
  "run_state" text not null,
  "run_due_at" integer
);

CREATE UNIQUE INDEX "attempt_run" on "attempt" ("run_id", "number");

CREATE TABLE "attempt_body" (
  "position" integer primary key,
  "request" blob not null,
  "response" blob not null
);

CREATE TRIGGER audit_leaves_by_purge before delete on audit
    when not exists (select 1 from audit where purged_before > old.at)
    begin select raise(abort, 'the audit trail is append-only'); end;

CREATE TRIGGER audit_never_changes before update on audit begin select raise(abort, 'the audit trail is append-only'); end;

CREATE TRIGGER audit_never_replaced before insert on audit
    when exists (select 1 from audit where position = new.position or id = new.id)
    begin select raise(abort, 'the audit trail is append-only'); end;

CREATE TABLE "audit" (
  "position" integer primary key,
  "id" text not null unique,
  "at" integer not null,
  "actor" text not null,
  "known_by" text not null,
  "sender" text not null,
  "user_agent" text not null,
  "action" text not null,
  "subject_kind" text not null,
  "subject_id" text not null,
  "subject_name" text not null,
  "team" text,
  "outcome" text not null,
  "detail" text not null,
  "before" text,
  "after" text,
  "purged_before" integer
);

CREATE INDEX "audit_actor" on "audit" ("actor", "position");

CREATE INDEX "audit_at" on "audit" ("at", "position");

CREATE INDEX audit_purge on audit (purged_before) where purged_before is not null;

CREATE INDEX "audit_subject" on "audit" ("subject_id", "position");

CREATE TABLE "change" (
  "position" integer primary key,
  "topic" text not null,
  "subject_id" text not null,
  "at" integer not null,
  "team" text
);

CREATE TABLE "config_epoch" (
  "partition" integer not null,
  "position" integer not null,
  "version" integer not null,
  constraint "config_epoch_pk" primary key ("partition", "position")
);

CREATE TABLE "config_state" (
  "id" integer primary key,
  "version" integer not null
);

CREATE TABLE "delivery" (
  "endpoint_id" text not null,
  "delivery_id" text not null,
  "event_id" text not null,
  "received_at" integer not null,
  constraint "delivery_pk" primary key ("endpoint_id", "delivery_id")
) without rowid;

CREATE INDEX delivery_of_24 on delivery (delivery_id) where length(delivery_id) = 24;

CREATE TABLE "endpoint" (
  "id" text primary key,
  "name" text,
  "path" text,
  "state" text not null,
  "definition" text not null,
  "token_hash" text not null,
  "token_sealed" text not null,
  "view_key_hash" text,
  "team" text,
  "actor" text not null,
  "config_version" integer not null,
  "created_at" integer not null,
  "updated_at" integer not null,
  "expires_at" integer,
  "former_token_hash" text,
  "former_token_sealed" text,
  "former_token_ends_at" integer,
  "former_token_uses" integer default 0 not null,
  "former_token_used_at" integer,
  "former_token_used_by" text
);

CREATE INDEX "endpoint_config_version" on "endpoint" ("config_version");

CREATE UNIQUE INDEX "endpoint_name" on "endpoint" ("name");

CREATE UNIQUE INDEX "endpoint_path" on "endpoint" ("path");

CREATE TABLE "event" (
  "position" integer primary key,
  "id" text not null,
  "partition" integer not null,
  "received_at" integer not null,
  "kind_type" text not null,
  "kind_name" text not null,
  "endpoint_id" text,
  "team" text,
  "actor" text not null,
  "error" text,
  "hops" integer not null,
  "content_type" text,
  "body_bytes" integer not null,
  "detail" text not null
);

CREATE INDEX "event_endpoint" on "event" ("endpoint_id", "position") where "endpoint_id" is not null;

CREATE UNIQUE INDEX "event_id" on "event" ("id");

CREATE INDEX "event_kind" on "event" ("kind_name", "position");

CREATE INDEX event_late on event (position) where id > 'evt_' || printf('%08x', received_at / 1000 + 60);

CREATE INDEX event_team on event (team, position) where team is not null;

CREATE TABLE "event_body" (
  "position" integer primary key,
  "body" blob not null
);

CREATE TABLE "event_target" (
  "type" text not null,
  "value" text not null,
  "position" integer not null,
  constraint "event_target_pk" primary key ("type", "value", "position")
) without rowid;

CREATE TABLE "idempotency" (
  "key" text not null,
  "actor" text not null,
  "fingerprint" text not null,
  "status" integer not null,
  "response" text not null,
  "created_at" integer not null,
  constraint "idempotency_pk" primary key ("key", "actor")
);

CREATE TABLE "installation" (
  "key" text primary key,
  "value" text not null
);

CREATE TABLE "invitation" (
  "token_hash" text primary key,
  "user_id" text not null,
  "actor" text not null,
  "created_at" integer not null,
  "expires_at" integer not null
);

CREATE INDEX "invitation_user" on "invitation" ("user_id");

CREATE TABLE "job" (
  "id" text primary key,
  "kind" text not null,
  "state" text not null,
  "filter" text not null,
  "reaction_id" text,
  "per_second" integer not null,
  "position" integer not null,
  "last_position" integer not null,
  "total" integer,
  "examined" integer not null,
  "made" integer not null,
  "label" text not null,
  "team" text,
  "actor" text not null,
  "created_at" integer not null,
  "told_at" integer not null,
  "ended_at" integer
);

CREATE INDEX job_working on job (id) where state = 'working';

CREATE TABLE "kysely_migration" (
  "name" varchar(255) not null primary key,
  "timestamp" varchar(255) not null
);

CREATE TABLE "kysely_migration_lock" (
  "id" varchar(255) not null primary key,
  "is_locked" integer default 0 not null
);

CREATE TABLE "listener" (
  "id" text primary key,
  "endpoint_id" text not null,
  "target" text not null,
  "settings" text not null,
  "session" text not null,
  "team" text,
  "actor" text not null,
  "created_at" integer not null,
  "seen_at" integer not null
);

CREATE INDEX "listener_endpoint" on "listener" ("endpoint_id");

CREATE TABLE "react_position" (
  "partition" integer primary key,
  "position" integer not null
);

CREATE TABLE "reaction" (
  "id" text primary key,
  "name" text,
  "version" integer not null,
  "created_at" integer not null
);

CREATE UNIQUE INDEX "reaction_name" on "reaction" ("name");

CREATE TABLE "reaction_version" (
  "reaction_id" text not null,
  "version" integer not null,
  "config_version" integer not null,
  "position" integer not null,
  "since_position" integer not null,
  "state" text not null,
  "state_reason" text not null,
  "definition" text not null,
  "team" text,
  "actor" text not null,
  "created_at" integer not null,
  "updated_at" integer not null,
  constraint "reaction_version_pk" primary key ("reaction_id", "version")
);

CREATE INDEX "reaction_version_config" on "reaction_version" ("config_version");

CREATE INDEX "reaction_version_position" on "reaction_version" ("position");

CREATE TABLE "rejection" (
  "endpoint_id" text not null,
  "reason" text not null,
  "count" integer not null,
  "last_at" integer not null,
  "last_sender" text not null,
  "last_detail" text not null,
  "in_a_row" integer default 0 not null,
  "row_since" integer default 0 not null,
  constraint "rejection_pk" primary key ("endpoint_id", "reason")
);

CREATE TABLE "retention" (
  "id" integer primary key,
  "position" integer not null,
  "events" integer not null,
  "last_at" integer
);

CREATE TABLE "role_assignment" (
  "id" text primary key,
  "user_id" text not null,
  "role" text,
  "permission" text,
  "team" text,
  "actor" text not null,
  "created_at" integer not null
);

CREATE INDEX "role_assignment_team" on "role_assignment" ("team");

CREATE INDEX "role_assignment_user" on "role_assignment" ("user_id");

CREATE TABLE "run" (
  "position" integer primary key,
  "id" text not null,
  "event_id" text not null,
  "reaction_id" text not null,
  "reaction_version" integer not null,
  "occasion" text not null,
  "team" text,
  "actor" text not null,
  "state" text not null,
  "on_lost" text not null,
  "lane" text not null,
  "due_at" integer,
  "claim_no" integer not null,
  "attempts" integer not null,
  "tries" integer not null,
  "created_at" integer not null,
  "deadline_at" integer not null,
  "ended_at" integer,
  "label" text not null
);

CREATE INDEX "run_due" on "run" ("lane", "due_at", "position") where "due_at" is not null;

CREATE INDEX run_ended_badly on run (position) where state in ('failed', 'timed-out');

CREATE INDEX run_held on run (reaction_id, position) where state = 'held';

CREATE UNIQUE INDEX "run_id" on "run" ("id");

CREATE UNIQUE INDEX "run_occasion" on "run" ("event_id", "reaction_id", "occasion");

CREATE INDEX "run_reaction" on "run" ("reaction_id", "position");

CREATE INDEX run_team on run (team, position) where team is not null;

CREATE TABLE "saved_view" (
  "id" text primary key,
  "list" text not null,
  "name" text not null,
  "filters" text not null,
  "pinned" integer not null,
  "team" text,
  "actor" text not null,
  "created_at" integer not null,
  "updated_at" integer not null
);

CREATE UNIQUE INDEX "saved_view_name" on "saved_view" ("list", "name");

CREATE TABLE "secret" (
  "id" text primary key,
  "name" text not null,
  "team" text,
  "value_sealed" text not null,
  "hosts" text not null,
  "description" text not null,
  "actor" text not null,
  "created_at" integer not null,
  "updated_at" integer not null,
  "last_used_at" integer
);

CREATE UNIQUE INDEX "secret_name" on "secret" (name, coalesce(team, ''));

CREATE TABLE "session" (
  "token_hash" text primary key,
  "actor" text not null,
  "created_at" integer not null,
  "expires_at" integer not null,
  "user_id" text,
  "last_seen_at" integer
);

CREATE INDEX "session_user" on "session" ("user_id");

CREATE TABLE "share" (
  "id" text primary key,
  "token_hash" text not null,
  "event_id" text not null,
  "redact" text not null,
  "team" text,
  "actor" text not null,
  "created_at" integer not null,
  "expires_at" integer not null,
  "revoked_at" integer,
  "revoked_by" text
);

CREATE INDEX "share_event" on "share" ("event_id");

CREATE INDEX "share_expires" on "share" ("expires_at");

CREATE UNIQUE INDEX "share_token" on "share" ("token_hash");

CREATE TABLE "source" (
  "id" text primary key,
  "name" text not null unique,
  "product" text not null,
  "url" text not null,
  "token_sealed" text not null,
  "progress" text not null,
  "problem" text,
  "asked_at" integer,
  "team" text,
  "actor" text not null,
  "created_at" integer not null
);

CREATE TABLE "statistic" (
  "step" integer not null,
  "at" integer not null,
  "measure" text not null,
  "team" text not null,
  "endpoint_id" text not null,
  "reaction_id" text not null,
  "outcome" text not null,
  "bucket" integer not null,
  "count" integer not null,
  constraint "statistic_pk" primary key ("step", "at", "measure", "team", "endpoint_id", "reaction_id", "outcome", "bucket")
) without rowid;

CREATE TABLE "statistic_position" (
  "id" integer primary key,
  "position" integer not null
);

CREATE TABLE "team" (
  "name" text primary key,
  "description" text not null,
  "actor" text not null,
  "created_at" integer not null,
  "deleted_at" integer
);

CREATE TABLE "user_account" (
  "id" text primary key,
  "email" text not null,
  "name" text not null,
  "password" text,
  "oidc_issuer" text,
  "oidc_subject" text,
  "state" text not null,
  "actor" text not null,
  "created_at" integer not null,
  "updated_at" integer not null,
  "signed_in_at" integer
);

CREATE UNIQUE INDEX "user_email" on "user_account" ("email");

CREATE UNIQUE INDEX "user_oidc" on "user_account" ("oidc_issuer", "oidc_subject") where "oidc_subject" is not null;
