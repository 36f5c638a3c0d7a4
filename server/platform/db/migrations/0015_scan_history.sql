-- Scans as a history: what made one, what it left unread and why, and under which later rules it was found to hold still.
alter table scan add column trigger text not null default 'ingest' check (trigger in ('ingest', 'rescan', 'ruleset'));
alter table scan add column skipped jsonb not null default '[]';
alter table scan add column confirmed_ruleset text;
alter table scan add column confirmed_at timestamptz;

-- Versions whose bytes must be read again before the present rules can judge them: their facts are another scanner's, or not all there.
create table stale_scan (
  version_id text primary key references model_version (id) on delete cascade,
  project_id text not null,
  reason text not null check (reason in ('scanner', 'facts')),
  at timestamptz not null
);

-- The rules by which all versions were judged last. Without a row: nothing was ever judged here by rules that are known.
create table ruleset_state (
  one boolean primary key default true check (one),
  ruleset text not null,
  scanner text not null,
  at timestamptz not null
);

-- How far a judging of all versions has come; gone with its job.
create table rejudge_cursor (
  job_id text primary key references job (id) on delete cascade,
  ruleset text not null,
  scanner text not null,
  after_version text not null,
  counts jsonb not null
);

-- What the owner of a version should hear of. Kept until somebody delivers it.
create table owner_event (
  id text primary key,
  project_id text not null references project (id),
  version_id text not null references model_version (id) on delete cascade,
  owner_id text references auth_user (id) on delete set null,
  kind text not null,
  message text not null,
  remedy text,
  details jsonb not null default '{}',
  at timestamptz not null,
  delivered_at timestamptz
);
create index owner_event_version on owner_event (version_id, id desc);
create index owner_event_undelivered on owner_event (id) where delivered_at is null;

-- What scanners elsewhere say of a version, in their words: evidence beside ours, never in its place.
create table imported_scan (
  version_id text not null references model_version (id) on delete cascade,
  project_id text not null,
  -- Who said it, such as huggingface/protectAiScan.
  scanner text not null,
  status text not null,
  summary text,
  -- Files that are not called safe, the first hundred; and how many were looked at.
  files jsonb not null default '[]',
  files_total integer,
  source text not null,
  at timestamptz not null,
  primary key (version_id, scanner)
);
