-- Whose signatures count, and for which sources. Taken back by a date, never deleted: what was signed under it must stay explainable.
create table trusted_signer (
  id text primary key,
  project_id text not null references project (id),
  name text not null,
  kind text not null check (kind in ('key', 'certificate', 'sigstore')),
  -- PEM: a public key, or the certificates that chains end in; null for sigstore, whose trust root the operator pins.
  material text,
  key_id text,
  identity text,
  issuer text,
  sources text[] not null,
  expires_at timestamptz,
  reason text not null,
  created_by text not null,
  created_by_id text not null,
  created_at timestamptz not null,
  removed_at timestamptz
);

-- Signatures over the files of a version, with what the last check of them said.
create table version_signature (
  id text primary key,
  version_id text not null references model_version (id) on delete cascade,
  project_id text not null,
  origin text not null check (origin in ('hub', 'found', 'given')),
  path text,
  -- The digest of the manifest it was checked against.
  digest text not null,
  bundle text not null,
  status text not null,
  message text not null,
  remedy text,
  method text,
  signer jsonb not null,
  files integer,
  signed_at timestamptz,
  checked_at timestamptz not null
);
create index version_signature_version on version_signature (version_id, id desc);
create unique index version_signature_hub on version_signature (version_id) where origin = 'hub';
create unique index version_signature_path on version_signature (version_id, path) where origin = 'found';
