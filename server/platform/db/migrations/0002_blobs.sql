-- Bytes kept by content. A blob's file is removed only after its row is, and the row only while nothing refers to it.
create table blob (
  sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
  -- Null until somebody who knows has said it.
  size bigint check (size >= 0),
  created_at timestamptz not null,
  -- Since when nothing refers to it; null while something does.
  unreferenced_since timestamptz,
  -- Last time its bytes were read again and agreed with its name.
  scrubbed_at timestamptz,
  -- Set when they did not: its file was moved aside.
  quarantined_at timestamptz,
  quarantine_reason text
);
create index blob_unreferenced on blob (unreferenced_since) where unreferenced_since is not null;

create table blob_ref (
  sha256 text not null references blob (sha256),
  -- Id of what needs the bytes, such as a version or a job.
  owner text not null,
  created_at timestamptz not null,
  primary key (sha256, owner)
);
create index blob_ref_by_owner on blob_ref (owner);
