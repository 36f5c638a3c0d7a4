-- What the scanner saw in some bytes, by digest: rules are judged again from here without reading the bytes.
create table file_facts (
  sha256 text primary key,
  scanner text not null,
  facts jsonb not null,
  isolation text[] not null,
  complete boolean not null,
  at timestamptz not null
);

create table scan (
  id text primary key,
  version_id text not null references model_version (id) on delete cascade,
  project_id text not null,
  ruleset text not null,
  scanner text not null,
  verdict text not null,
  counts jsonb not null,
  files_examined integer not null,
  files_total integer not null,
  bytes_examined bigint not null,
  bytes_total bigint not null,
  isolation text[] not null,
  at timestamptz not null
);
create index scan_version on scan (version_id, at desc);

create table finding (
  id text primary key,
  scan_id text not null references scan (id) on delete cascade,
  version_id text not null,
  rule_id text not null,
  severity text not null,
  cwe text,
  message text not null,
  remedy text not null,
  path text not null,
  member text,
  byte_offset bigint,
  evidence text,
  ordinal integer not null
);
create index finding_scan on finding (scan_id, ordinal);

create table license_assessment (
  version_id text primary key references model_version (id) on delete cascade,
  status text not null,
  tag text,
  tag_source text,
  file text,
  file_sha256 text,
  label text not null,
  text text,
  at timestamptz not null
);

create table benchmark (
  id text primary key,
  version_id text not null references model_version (id) on delete cascade,
  project_id text not null,
  state text not null,
  verdict text,
  spec jsonb not null,
  result jsonb,
  conditions jsonb not null default '{}',
  error jsonb,
  job_id text,
  created_by text not null,
  created_at timestamptz not null,
  finished_at timestamptz
);
create index benchmark_version on benchmark (version_id, created_at desc);
create index benchmark_created on benchmark (created_at desc, id desc);

create table benchmark_record (
  benchmark_id text not null references benchmark (id) on delete cascade,
  ordinal integer not null,
  record jsonb not null,
  primary key (benchmark_id, ordinal)
);

create table evaluation (
  id text primary key,
  version_id text not null references model_version (id) on delete cascade,
  project_id text not null,
  task text not null,
  task_version text not null,
  task_hash text not null,
  seed integer not null,
  state text not null,
  items_total integer not null,
  score double precision,
  standard_error double precision,
  interval_low double precision,
  interval_high double precision,
  conditions jsonb not null default '{}',
  error jsonb,
  job_id text,
  created_by text not null,
  created_at timestamptz not null,
  finished_at timestamptz
);
create index evaluation_version on evaluation (version_id, created_at desc);
create index evaluation_created on evaluation (created_at desc, id desc);

create table evaluation_item (
  evaluation_id text not null references evaluation (id) on delete cascade,
  ordinal integer not null,
  item_group text not null,
  prompt text not null,
  expected text not null,
  answer text,
  score double precision,
  error text,
  seed integer not null,
  primary key (evaluation_id, ordinal)
);
