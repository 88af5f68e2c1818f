-- Printed from the migrations by `node scripts/schema.ts`; change it there.

create table "alarm" (
  "kind" text collate "C" not null,
  "subject_id" text collate "C" not null,
  "subject_name" text collate "C" not null,
  "event_id" text collate "C" not null,
  "team" text collate "C",
  "actor" text collate "C" not null,
  "started_at" bigint not null,
  "text" text collate "C" not null,
  constraint "alarm_pk" primary key (kind, subject_id)
);

create table "api_key" (
  "id" text collate "C" not null,
  "token_hash" text collate "C" not null,
  "name" text collate "C" not null,
  "user_id" text collate "C",
  "scope" text collate "C" not null,
  "actor" text collate "C" not null,
  "created_at" bigint not null,
  "expires_at" bigint,
  "last_used_at" bigint,
  "revoked_at" bigint,
  "revoked_by" text collate "C",
  constraint "api_key_pkey" primary key (id)
);

CREATE UNIQUE INDEX api_key_token ON public.api_key USING btree (token_hash);

CREATE INDEX api_key_user ON public.api_key USING btree (user_id);

create table "attempt" (
  "position" bigint not null,
  "run_id" text collate "C" not null,
  "number" bigint not null,
  "started_at" bigint not null,
  "ended_at" bigint not null,
  "outcome" text collate "C" not null,
  "error_code" text collate "C",
  "message" text collate "C" not null,
  "status" bigint,
  "record" text collate "C" not null,
  "run_state" text collate "C" not null,
  "run_due_at" bigint,
  constraint "attempt_pkey" primary key ("position")
);

CREATE UNIQUE INDEX attempt_run ON public.attempt USING btree (run_id, number);

create table "attempt_body" (
  "position" bigint not null,
  "request" bytea not null,
  "response" bytea not null,
  constraint "attempt_body_pkey" primary key ("position")
);

create table "audit" (
  "position" bigint not null,
  "id" text collate "C" not null,
  "at" bigint not null,
  "actor" text collate "C" not null,
  "known_by" text collate "C" not null,
  "sender" text collate "C" not null,
  "user_agent" text collate "C" not null,
  "action" text collate "C" not null,
  "subject_kind" text collate "C" not null,
  "subject_id" text collate "C" not null,
  "subject_name" text collate "C" not null,
  "team" text collate "C",
  "outcome" text collate "C" not null,
  "detail" text collate "C" not null,
  "before" text collate "C",
  "after" text collate "C",
  "purged_before" bigint,
  constraint "audit_id_key" unique (id),
  constraint "audit_pkey" primary key ("position")
);

CREATE INDEX audit_actor ON public.audit USING btree (actor, "position");

CREATE INDEX audit_at ON public.audit USING btree (at, "position");

CREATE UNIQUE INDEX audit_id_key ON public.audit USING btree (id);

CREATE INDEX audit_purge ON public.audit USING btree (purged_before) WHERE (purged_before IS NOT NULL);

CREATE INDEX audit_subject ON public.audit USING btree (subject_id, "position");

create table "change" (
  "position" bigint not null,
  "topic" text collate "C" not null,
  "subject_id" text collate "C" not null,
  "at" bigint not null,
  "team" text collate "C",
  constraint "change_pkey" primary key ("position")
);

create table "config_epoch" (
  "partition" bigint not null,
  "position" bigint not null,
  "version" bigint not null,
  constraint "config_epoch_pk" primary key (partition, "position")
);

create table "config_state" (
  "id" bigint not null,
  "version" bigint not null,
  constraint "config_state_pkey" primary key (id)
);

create table "delivery" (
  "endpoint_id" text collate "C" not null,
  "delivery_id" text collate "C" not null,
  "event_id" text collate "C" not null,
  "received_at" bigint not null,
  constraint "delivery_pk" primary key (endpoint_id, delivery_id)
);

CREATE INDEX delivery_of_24 ON public.delivery USING btree (delivery_id) WHERE (length(delivery_id) = 24);

create table "endpoint" (
  "id" text collate "C" not null,
  "name" text collate "C",
  "path" text collate "C",
  "state" text collate "C" not null,
  "definition" text collate "C" not null,
  "token_hash" text collate "C" not null,
  "token_sealed" text collate "C" not null,
  "view_key_hash" text collate "C",
  "team" text collate "C",
  "actor" text collate "C" not null,
  "config_version" bigint not null,
  "created_at" bigint not null,
  "updated_at" bigint not null,
  "expires_at" bigint,
  "former_token_hash" text collate "C",
  "former_token_sealed" text collate "C",
  "former_token_ends_at" bigint,
  "former_token_uses" bigint default 0 not null,
  "former_token_used_at" bigint,
  "former_token_used_by" text collate "C",
  constraint "endpoint_pkey" primary key (id)
);

CREATE INDEX endpoint_config_version ON public.endpoint USING btree (config_version);

CREATE UNIQUE INDEX endpoint_name ON public.endpoint USING btree (name);

CREATE UNIQUE INDEX endpoint_path ON public.endpoint USING btree (path);

create table "event" (
  "position" bigint not null,
  "id" text collate "C" not null,
  "partition" bigint not null,
  "received_at" bigint not null,
  "kind_type" text collate "C" not null,
  "kind_name" text collate "C" not null,
  "endpoint_id" text collate "C",
  "team" text collate "C",
  "actor" text collate "C" not null,
  "error" text collate "C",
  "hops" bigint not null,
  "content_type" text collate "C",
  "body_bytes" bigint not null,
  "detail" text collate "C" not null,
  constraint "event_pkey" primary key ("position")
);

CREATE INDEX event_endpoint ON public.event USING btree (endpoint_id, "position") WHERE (endpoint_id IS NOT NULL);

CREATE UNIQUE INDEX event_id ON public.event USING btree (id);

CREATE INDEX event_kind ON public.event USING btree (kind_name, "position");

CREATE INDEX event_late ON public.event USING btree ("position") WHERE (id > ('evt_'::text || lpad(to_hex(((received_at / 1000) + 60)), 8, '0'::text)));

CREATE INDEX event_team ON public.event USING btree (team, "position") WHERE (team IS NOT NULL);

create table "event_body" (
  "position" bigint not null,
  "body" bytea not null,
  constraint "event_body_pkey" primary key ("position")
);

create table "event_target" (
  "type" text collate "C" not null,
  "value" text collate "C" not null,
  "position" bigint not null,
  constraint "event_target_pk" primary key (type, value, "position")
);

create table "idempotency" (
  "key" text collate "C" not null,
  "actor" text collate "C" not null,
  "fingerprint" text collate "C" not null,
  "status" bigint not null,
  "response" text collate "C" not null,
  "created_at" bigint not null,
  constraint "idempotency_pk" primary key (key, actor)
);

create table "installation" (
  "key" text collate "C" not null,
  "value" text collate "C" not null,
  constraint "installation_pkey" primary key (key)
);

create table "invitation" (
  "token_hash" text collate "C" not null,
  "user_id" text collate "C" not null,
  "actor" text collate "C" not null,
  "created_at" bigint not null,
  "expires_at" bigint not null,
  constraint "invitation_pkey" primary key (token_hash)
);

CREATE INDEX invitation_user ON public.invitation USING btree (user_id);

create table "job" (
  "id" text collate "C" not null,
  "kind" text collate "C" not null,
  "state" text collate "C" not null,
  "filter" text collate "C" not null,
  "reaction_id" text collate "C",
  "per_second" bigint not null,
  "position" bigint not null,
  "last_position" bigint not null,
  "total" bigint,
  "examined" bigint not null,
  "made" bigint not null,
  "label" text collate "C" not null,
  "team" text collate "C",
  "actor" text collate "C" not null,
  "created_at" bigint not null,
  "told_at" bigint not null,
  "ended_at" bigint,
  constraint "job_pkey" primary key (id)
);

CREATE INDEX job_working ON public.job USING btree (id) WHERE (state = 'working'::text);

create table "kysely_migration" (
  "name" character varying(255) not null,
  "timestamp" character varying(255) not null,
  constraint "kysely_migration_pkey" primary key (name)
);

create table "kysely_migration_lock" (
  "id" character varying(255) not null,
  "is_locked" integer default 0 not null,
  constraint "kysely_migration_lock_pkey" primary key (id)
);

create table "listener" (
  "id" text collate "C" not null,
  "endpoint_id" text collate "C" not null,
  "target" text collate "C" not null,
  "settings" text collate "C" not null,
  "session" text collate "C" not null,
  "team" text collate "C",
  "actor" text collate "C" not null,
  "created_at" bigint not null,
  "seen_at" bigint not null,
  constraint "listener_pkey" primary key (id)
);

CREATE INDEX listener_endpoint ON public.listener USING btree (endpoint_id);

create table "react_position" (
  "partition" bigint not null,
  "position" bigint not null,
  constraint "react_position_pkey" primary key (partition)
);

create table "reaction" (
  "id" text collate "C" not null,
  "name" text collate "C",
  "version" bigint not null,
  "created_at" bigint not null,
  constraint "reaction_pkey" primary key (id)
);

CREATE UNIQUE INDEX reaction_name ON public.reaction USING btree (name);

create table "reaction_version" (
  "reaction_id" text collate "C" not null,
  "version" bigint not null,
  "config_version" bigint not null,
  "position" bigint not null,
  "since_position" bigint not null,
  "state" text collate "C" not null,
  "state_reason" text collate "C" not null,
  "definition" text collate "C" not null,
  "team" text collate "C",
  "actor" text collate "C" not null,
  "created_at" bigint not null,
  "updated_at" bigint not null,
  constraint "reaction_version_pk" primary key (reaction_id, version)
);

CREATE INDEX reaction_version_config ON public.reaction_version USING btree (config_version);

CREATE INDEX reaction_version_position ON public.reaction_version USING btree ("position");

create table "rejection" (
  "endpoint_id" text collate "C" not null,
  "reason" text collate "C" not null,
  "count" bigint not null,
  "last_at" bigint not null,
  "last_sender" text collate "C" not null,
  "last_detail" text collate "C" not null,
  "in_a_row" bigint default 0 not null,
  "row_since" bigint default 0 not null,
  constraint "rejection_pk" primary key (endpoint_id, reason)
);

create table "retention" (
  "id" bigint not null,
  "position" bigint not null,
  "events" bigint not null,
  "last_at" bigint,
  constraint "retention_pkey" primary key (id)
);

create table "role_assignment" (
  "id" text collate "C" not null,
  "user_id" text collate "C" not null,
  "role" text collate "C",
  "permission" text collate "C",
  "team" text collate "C",
  "actor" text collate "C" not null,
  "created_at" bigint not null,
  constraint "role_assignment_pkey" primary key (id)
);

CREATE INDEX role_assignment_team ON public.role_assignment USING btree (team);

CREATE INDEX role_assignment_user ON public.role_assignment USING btree (user_id);

create table "run" (
  "position" bigint not null,
  "id" text collate "C" not null,
  "event_id" text collate "C" not null,
  "reaction_id" text collate "C" not null,
  "reaction_version" bigint not null,
  "occasion" text collate "C" not null,
  "team" text collate "C",
  "actor" text collate "C" not null,
  "state" text collate "C" not null,
  "on_lost" text collate "C" not null,
  "lane" text collate "C" not null,
  "due_at" bigint,
  "claim_no" bigint not null,
  "attempts" bigint not null,
  "tries" bigint not null,
  "created_at" bigint not null,
  "deadline_at" bigint not null,
  "ended_at" bigint,
  "label" text collate "C" not null,
  constraint "run_pkey" primary key ("position")
);

CREATE INDEX run_due ON public.run USING btree (lane, due_at, "position") WHERE (due_at IS NOT NULL);

CREATE INDEX run_ended_badly ON public.run USING btree ("position") WHERE (state = ANY (ARRAY['failed'::text, 'timed-out'::text]));

CREATE INDEX run_held ON public.run USING btree (reaction_id, "position") WHERE (state = 'held'::text);

CREATE UNIQUE INDEX run_id ON public.run USING btree (id);

CREATE UNIQUE INDEX run_occasion ON public.run USING btree (event_id, reaction_id, occasion);

CREATE INDEX run_reaction ON public.run USING btree (reaction_id, "position");

CREATE INDEX run_team ON public.run USING btree (team, "position") WHERE (team IS NOT NULL);

create table "saved_view" (
  "id" text collate "C" not null,
  "list" text collate "C" not null,
  "name" text collate "C" not null,
  "filters" text collate "C" not null,
  "pinned" bigint not null,
  "team" text collate "C",
  "actor" text collate "C" not null,
  "created_at" bigint not null,
  "updated_at" bigint not null,
  constraint "saved_view_pkey" primary key (id)
);

CREATE UNIQUE INDEX saved_view_name ON public.saved_view USING btree (list, name);

create table "secret" (
  "id" text collate "C" not null,
  "name" text collate "C" not null,
  "team" text collate "C",
  "value_sealed" text collate "C" not null,
  "hosts" text collate "C" not null,
  "description" text collate "C" not null,
  "actor" text collate "C" not null,
  "created_at" bigint not null,
  "updated_at" bigint not null,
  "last_used_at" bigint,
  constraint "secret_pkey" primary key (id)
);

CREATE UNIQUE INDEX secret_name ON public.secret USING btree (name, COALESCE(team, ''::text));

create table "session" (
  "token_hash" text collate "C" not null,
  "actor" text collate "C" not null,
  "created_at" bigint not null,
  "expires_at" bigint not null,
  "user_id" text collate "C",
  "last_seen_at" bigint,
  constraint "session_pkey" primary key (token_hash)
);

CREATE INDEX "session_user" ON public.session USING btree (user_id);

create table "share" (
  "id" text collate "C" not null,
  "token_hash" text collate "C" not null,
  "event_id" text collate "C" not null,
  "redact" text collate "C" not null,
  "team" text collate "C",
  "actor" text collate "C" not null,
  "created_at" bigint not null,
  "expires_at" bigint not null,
  "revoked_at" bigint,
  "revoked_by" text collate "C",
  constraint "share_pkey" primary key (id)
);

CREATE INDEX share_event ON public.share USING btree (event_id);

CREATE INDEX share_expires ON public.share USING btree (expires_at);

CREATE UNIQUE INDEX share_token ON public.share USING btree (token_hash);

create table "source" (
  "id" text collate "C" not null,
  "name" text collate "C" not null,
  "product" text collate "C" not null,
  "url" text collate "C" not null,
  "token_sealed" text collate "C" not null,
  "progress" text collate "C" not null,
  "problem" text collate "C",
  "asked_at" bigint,
  "team" text collate "C",
  "actor" text collate "C" not null,
  "created_at" bigint not null,
  constraint "source_name_key" unique (name),
  constraint "source_pkey" primary key (id)
);

CREATE UNIQUE INDEX source_name_key ON public.source USING btree (name);

create table "statistic" (
  "step" bigint not null,
  "at" bigint not null,
  "measure" text collate "C" not null,
  "team" text collate "C" not null,
  "endpoint_id" text collate "C" not null,
  "reaction_id" text collate "C" not null,
  "outcome" text collate "C" not null,
  "bucket" bigint not null,
  "count" bigint not null,
  constraint "statistic_pk" primary key (step, at, measure, team, endpoint_id, reaction_id, outcome, bucket)
);

create table "statistic_position" (
  "id" bigint not null,
  "position" bigint not null,
  constraint "statistic_position_pkey" primary key (id)
);

create table "team" (
  "name" text collate "C" not null,
  "description" text collate "C" not null,
  "actor" text collate "C" not null,
  "created_at" bigint not null,
  "deleted_at" bigint,
  constraint "team_pkey" primary key (name)
);

create table "user_account" (
  "id" text collate "C" not null,
  "email" text collate "C" not null,
  "name" text collate "C" not null,
  "password" text collate "C",
  "oidc_issuer" text collate "C",
  "oidc_subject" text collate "C",
  "state" text collate "C" not null,
  "actor" text collate "C" not null,
  "created_at" bigint not null,
  "updated_at" bigint not null,
  "signed_in_at" bigint,
  constraint "user_account_pkey" primary key (id)
);

CREATE UNIQUE INDEX user_email ON public.user_account USING btree (email);

CREATE UNIQUE INDEX user_oidc ON public.user_account USING btree (oidc_issuer, oidc_subject) WHERE (oidc_subject IS NOT NULL);
