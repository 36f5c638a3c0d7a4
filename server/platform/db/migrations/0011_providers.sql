-- Secrets of providers: what is public beside what is sealed with the envelope key; the plain value is nowhere.
create table credential (
  id text primary key,
  project_id text not null references project (id),
  kind text not null,
  name text not null,
  fields jsonb not null default '{}',
  sealed bytea not null,
  -- The last characters of each secret that is long enough to show four of them.
  hints jsonb not null default '{}',
  rotated_at timestamptz,
  tested_at timestamptz,
  test jsonb,
  last_used_at timestamptz,
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index credential_name on credential (project_id, lower(name));
create index credential_kind on credential (kind, id);
-- Which versions name a credential or an offering in their source.
create index model_version_credential on model_version ((source ->> 'credential')) where source ->> 'credential' is not null;
create index model_version_cloud on model_version ((source ->> 'provider'), (source ->> 'model')) where source_type = 'cloud';

-- What catalogs say of providers that have no definition of their own here.
create table provider_info (
  provider text primary key,
  title text not null,
  docs text,
  api text,
  source text not null,
  at timestamptz not null
);

-- Which state of a catalog was taken in: `bundled` by its version, an imported one by its digest.
create table provider_catalog (
  source text primary key,
  version text not null,
  offerings integer not null,
  problems integer not null,
  at timestamptz not null
);

-- A provider's sale of a model. It belongs to no project: what a provider sells is the same fact for all.
create table offering (
  id text primary key,
  provider text not null,
  model text not null,
  unlisted boolean not null default false,
  -- What each source says, kept apart: {source, at, values}; `override` holds {value, at, by, reason} by field.
  bundled jsonb,
  catalog jsonb,
  listed jsonb,
  override jsonb not null default '{}',
  -- What holds of it all; null is unknown.
  name text,
  family text,
  input_price double precision,
  output_price double precision,
  context bigint,
  modalities text[] not null default '{}',
  status text,
  search text not null,
  probe jsonb,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (provider, model)
);

-- What a credential's list showed last. A shorter list means "not visible", not "gone".
create table offering_seen (
  offering_id text not null references offering (id) on delete cascade,
  credential_id text not null references credential (id) on delete cascade,
  visible boolean not null,
  at timestamptz not null,
  primary key (offering_id, credential_id)
);
create index offering_seen_credential on offering_seen (credential_id);

create table provider_sync (
  provider text not null,
  credential_id text not null references credential (id) on delete cascade,
  at timestamptz not null,
  outcome jsonb not null,
  primary key (provider, credential_id)
);
