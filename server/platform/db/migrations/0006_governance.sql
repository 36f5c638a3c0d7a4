create table approval (
  id text primary key,
  version_id text not null references model_version (id) on delete cascade,
  project_id text not null,
  subject text not null check (subject in ('publish', 'findings')),
  state text not null check (state in ('pending', 'approved', 'rejected')),
  reason text not null,
  digest text,
  findings text[] not null default '{}',
  requested_by text not null,
  requested_by_id text not null,
  decided_by text,
  decided_by_id text,
  expires_at timestamptz,
  created_at timestamptz not null,
  decided_at timestamptz
);
create index approval_version on approval (version_id, created_at desc);

-- The audit trail: each event carries the hash of the one before it. The head row serializes writers.
create table audit_event (
  seq bigint primary key,
  id text not null unique,
  at timestamptz not null,
  actor_type text not null,
  actor_id text not null,
  actor_name text not null,
  action text not null,
  object_type text not null,
  object_id text not null,
  object_name text,
  project_id text,
  outcome text not null,
  reason text,
  before jsonb,
  after jsonb,
  evidence jsonb,
  request_id text,
  previous_hash text not null,
  hash text not null
);
create index audit_event_object on audit_event (object_id, seq desc);
create index audit_event_actor on audit_event (actor_id, seq desc);
create index audit_event_action on audit_event (action, seq desc);

create table audit_head (
  one boolean primary key default true check (one),
  seq bigint not null,
  hash text not null
);
insert into audit_head (seq, hash) values (0, repeat('0', 64));

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'audit events are never changed or deleted' using errcode = 'insufficient_privilege';
end
$$;
create trigger audit_event_immutable before update or delete on audit_event
  for each row execute function refuse_audit_change();
create trigger audit_event_no_truncate before truncate on audit_event
  for each statement execute function refuse_audit_change();
create trigger audit_head_no_delete before delete on audit_head
  for each row execute function refuse_audit_change();
