create table model (
  id text primary key,
  project_id text not null references project (id),
  name text not null,
  name_key text not null unique,
  owner_id text references auth_user (id) on delete set null,
  description text not null default '',
  tags text[] not null default '{}',
  modality text,
  starter boolean not null default false,
  -- The default version (newest published, else newest not archived) and what lists show and filter on, kept in step with it.
  default_version_id text,
  state text not null default 'draft',
  source_type text,
  verdict text,
  license_label text,
  total_bytes bigint not null default 0,
  version_count integer not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index model_updated on model (updated_at desc, id desc);
create index model_state on model (state);
create index model_project on model (project_id);
create index model_tags on model using gin (tags);

create table model_version (
  id text primary key,
  model_id text not null references model (id) on delete cascade,
  project_id text not null references project (id),
  number integer not null,
  state text not null check (
    state in ('draft', 'ingesting', 'needs_attention', 'verified', 'evaluated', 'published', 'archived')
  ),
  state_reason jsonb,
  state_since timestamptz not null,
  step_dates jsonb not null default '{}',
  source jsonb not null,
  source_type text not null,
  source_address text not null,
  digest text,
  verdict text,
  license jsonb,
  file_count integer not null default 0,
  total_bytes bigint not null default 0,
  modality text,
  tasks text[] not null default '{}',
  endpoints text[] not null default '{}',
  metadata jsonb not null default '{}',
  engine_reason jsonb,
  intact boolean not null default true,
  no_evidence_because text,
  onboarding jsonb not null default '{}',
  active_job_id text,
  created_by text not null,
  created_by_name text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (model_id, number)
);
create index model_version_digest on model_version (digest);
create index model_version_state on model_version (state);

create table version_file (
  version_id text not null references model_version (id) on delete cascade,
  path text not null,
  ordinal integer not null,
  size bigint not null,
  sha256 text,
  stored text not null default 'pending' check (stored in ('pending', 'blob', 'in_place')),
  real_path text,
  fingerprint jsonb,
  format text,
  format_title text,
  verdict text,
  finding_count integer not null default 0,
  primary key (version_id, path)
);
create index version_file_sha256 on version_file (sha256);
