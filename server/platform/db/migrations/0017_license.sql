-- What the license analysis found and from what: the answers are computed again from here when rules or the profile change.
alter table license_assessment add column license_id text;
alter table license_assessment add column class text not null default 'unknown';
alter table license_assessment add column suitability text not null default 'unclear';
-- Of the text that counts, a person's attachment before the version's own file: its digest, and whether it is known.
alter table license_assessment add column text_sha256 text;
alter table license_assessment add column text_state text not null default 'none';
alter table license_assessment add column match jsonb;
alter table license_assessment add column evidence jsonb not null default '{}';
-- Version of the rules that were applied; null: older than the analysis.
alter table license_assessment add column rules text;
-- Revision of the organization profile that was applied.
alter table license_assessment add column profile_revision integer not null default 0;

-- One row: what licenses ask about the organization.
create table license_profile (
  id text primary key check (id = 'organization'),
  profile jsonb not null,
  revision integer not null,
  updated_by text not null,
  updated_at timestamptz not null
);

-- License files and links that a person attached; the files of the version itself are not touched.
create table license_file (
  id text primary key,
  version_id text not null references model_version (id) on delete cascade,
  project_id text not null,
  kind text not null,
  name text not null,
  url text,
  sha256 text,
  text text,
  reason text not null,
  attached_by text not null,
  attached_at timestamptz not null,
  removed_by text,
  removed_at timestamptz,
  removed_reason text
);
create index license_file_version on license_file (version_id, attached_at desc, id desc);

create table license_decision (
  id text primary key,
  version_id text not null references model_version (id) on delete cascade,
  project_id text not null,
  decision text not null,
  license_id text,
  text_sha256 text,
  purpose text,
  conditions text,
  reason text not null,
  expires_at timestamptz,
  decided_by text not null,
  decided_by_id text not null,
  created_at timestamptz not null
);
create index license_decision_version on license_decision (version_id, created_at desc, id desc);

-- The ledger outlives the version: who accepted which text stays known.
create table license_acceptance (
  id text primary key,
  version_id text not null,
  project_id text not null,
  license_id text,
  text_sha256 text not null,
  accepted_by text not null,
  accepted_by_id text not null,
  accepted_at timestamptz not null
);
create index license_acceptance_version on license_acceptance (version_id, accepted_at desc, id desc);
