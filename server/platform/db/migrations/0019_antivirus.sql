-- What a virus scanner said of bytes, where the operator runs one beside the hub: evidence of its own, kept apart from our facts.
create table antivirus_result (
  sha256 text primary key,
  -- Who said it, such as clamav.
  scanner text not null,
  engine text,
  -- Number of its signature database, and when that was made.
  database text,
  database_at timestamptz,
  status text not null check (status in ('infected', 'clean', 'skipped', 'failed')),
  signature text,
  why text,
  at timestamptz not null
);
