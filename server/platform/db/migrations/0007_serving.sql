create table deployment (
  id text primary key,
  version_id text not null references model_version (id) on delete cascade,
  project_id text not null,
  engine text not null,
  private boolean not null,
  settings jsonb not null default '{}',
  created_at timestamptz not null,
  unique (version_id, engine, private)
);

create table route (
  id text primary key,
  project_id text not null,
  model_id text not null references model (id) on delete cascade,
  name text not null,
  name_key text not null unique,
  created_at timestamptz not null
);

create table route_target (
  route_id text not null references route (id) on delete cascade,
  deployment_id text not null references deployment (id) on delete cascade,
  weight integer not null default 100,
  primary key (route_id, deployment_id)
);

create sequence snapshot_version;

-- Keys revoked lately, sent first in every snapshot.
create table revoked_key (
  hash text primary key,
  revoked_at timestamptz not null
);

create table usage_record (
  epoch text not null,
  seq bigint not null,
  at timestamptz not null,
  request_id text not null,
  decision_id text not null,
  key_id text,
  project_id text,
  route_id text,
  route text,
  target_id text,
  version_id text,
  endpoint text not null,
  stream boolean not null,
  status integer not null,
  outcome text not null,
  prompt_tokens integer,
  completion_tokens integer,
  ttft_ms double precision,
  duration_ms double precision not null,
  primary key (epoch, seq)
);
create index usage_record_at on usage_record (at desc, epoch desc, seq desc);
create index usage_record_version on usage_record (version_id, at desc);
create index usage_record_route on usage_record (route, at desc);
