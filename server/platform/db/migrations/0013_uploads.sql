-- Files that people send to be the source of a model. Their bytes are below <data>/uploads/<id>/, named by ordinal.
create table upload (
  id text primary key,
  project_id text not null references project (id),
  name text,
  state text not null default 'open' check (state in ('open', 'checking', 'ready')),
  -- SHA-256 over sizes and paths in their order: whoever sends the same list again goes on with it.
  list_digest text not null,
  file_count integer not null,
  total_bytes bigint not null,
  created_by text not null,
  created_by_name text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  expires_at timestamptz not null
);
create index upload_by_list on upload (list_digest);

create table upload_file (
  upload_id text not null references upload (id) on delete cascade,
  ordinal integer not null,
  path text not null,
  size bigint not null check (size >= 0),
  -- What it must hash to, as whoever sends it says.
  stated text check (stated ~ '^[0-9a-f]{64}$'),
  -- Bytes that are flushed to the disk. What the file holds beyond them counts for nothing.
  received bigint not null default 0 check (received between 0 and size),
  -- SHA-256 of the whole file, computed here.
  arrived text check (arrived ~ '^[0-9a-f]{64}$'),
  primary key (upload_id, ordinal)
);
create index model_version_upload on model_version ((source ->> 'upload')) where source ->> 'upload' is not null;

-- When every byte of a version was last read again and agreed with its digests.
alter table model_version add column files_verified_at timestamptz;
create index model_version_verified on model_version (files_verified_at nulls first);

-- One row for each full reading of a version.
create table reverification (
  id text primary key,
  version_id text not null references model_version (id) on delete cascade,
  project_id text not null references project (id),
  trigger text not null check (trigger in ('schedule', 'request')),
  outcome text not null check (outcome in ('intact', 'touched', 'damaged')),
  file_count integer not null,
  bytes bigint not null,
  bytes_read bigint not null,
  -- The first 200 files that were not as they had been; how many there are.
  changes jsonb not null default '[]',
  change_count integer not null default 0,
  withdrawn boolean not null default false,
  started_at timestamptz not null,
  finished_at timestamptz not null
);
create index reverification_by_version on reverification (version_id, id desc);

-- How far a reading has come, so that a restart does not begin anew.
create table reverification_cursor (
  version_id text not null references model_version (id) on delete cascade,
  -- Id of the job, or 'schedule'.
  run text not null,
  project_id text not null references project (id),
  -- Ordinal of the last file that was read.
  ordinal integer not null,
  bytes_read bigint not null,
  changes jsonb not null default '[]',
  change_count integer not null default 0,
  -- Files whose bytes are the same under another fingerprint, to be recorded in the end.
  touched jsonb not null default '[]',
  started_at timestamptz not null,
  primary key (version_id, run)
);
