-- What was pulled of a version on a day (UTC): files asked for whole, and bytes sent.
create table version_pull (
  version_id text not null references model_version (id) on delete cascade,
  project_id text not null references project (id),
  day date not null,
  downloads bigint not null default 0,
  bytes bigint not null default 0,
  last_at timestamptz not null,
  primary key (version_id, day)
);

-- Who pulled a version in an hour: each row is one audit event. Rows of earlier days are dropped.
create table version_puller (
  hour timestamptz not null,
  version_id text not null references model_version (id) on delete cascade,
  project_id text not null references project (id),
  actor_id text not null,
  primary key (hour, version_id, actor_id)
);

-- The name git gives to the bytes of a small file: SHA-1 of "blob <size>\0" and the content. A fact of the bytes, whoever holds them.
create table git_blob (
  sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
  sha1 text not null check (sha1 ~ '^[0-9a-f]{40}$')
);
