-- What a file of a remote source is there, and what it must turn out to be: identifiers and digests, never an address or a secret.
alter table version_file add column source_ref jsonb;

-- What the hub knows of a version's remote source beside what people gave.
create table version_source (
  version_id text primary key references model_version (id) on delete cascade,
  project_id text not null references project (id),
  -- What the source was when it was last looked at: entity tag, size, expiry, license. No secret.
  pin jsonb not null default '{}',
  -- The secret part of an address, sealed with the envelope key for this version.
  source_secret bytea,
  -- When the watch over revisions last asked.
  checked_at timestamptz,
  updated_at timestamptz not null
);
create index version_source_checked on version_source (checked_at);
create index model_version_address on model_version (source_address);
