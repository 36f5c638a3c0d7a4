-- Durable work. These rows are the truth; notifications only wake workers and may be lost.
create table job (
  id text primary key,
  kind text not null,
  title text not null,
  state text not null default 'queued' check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  input jsonb not null,
  subject text,
  project_id text not null,
  actor jsonb not null,
  -- The fence: each claim adds one, and whoever writes for a job must still be its owner at this attempt.
  attempt integer not null default 0,
  owner text,
  lease_until timestamptz,
  -- Not before this time; set by the back-off after a failure.
  run_after timestamptz not null,
  cancel_requested_at timestamptz,
  cancelled_by jsonb,
  error jsonb,
  progress jsonb,
  event_seq bigint not null default 0,
  -- Failures of settling, which has no step of its own.
  settle_failures integer not null default 0,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz
);
create index job_due on job (run_after, id) where state in ('queued', 'running');
create index job_by_subject on job (subject, id) where subject is not null;
create index job_by_state on job (state, id);

create table step (
  job_id text not null references job (id) on delete cascade,
  name text not null,
  -- Order in the job; undo goes backwards.
  position integer not null,
  state text not null check (state in ('running', 'done', 'failed', 'undoing', 'undone')),
  output jsonb,
  starts integer not null default 0,
  failures integer not null default 0,
  error jsonb,
  started_at timestamptz not null,
  finished_at timestamptz,
  primary key (job_id, name)
);

create table job_event (
  job_id text not null references job (id) on delete cascade,
  seq bigint not null,
  type text not null check (type in ('state', 'step', 'progress', 'log')),
  data jsonb not null,
  at timestamptz not null,
  primary key (job_id, seq)
);
