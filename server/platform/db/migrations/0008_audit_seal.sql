-- Each event carries the hub's seal over its hash. Events of before have none; the first sealed one covers them through the chain.
alter table audit_event add column seal text;

create function refuse_audit_gap() returns trigger language plpgsql as $$
begin
  if new.seq is distinct from (select seq from audit_head) + 1 then
    raise exception 'an audit event is only ever added at the end of the chain' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger audit_event_at_end before insert on audit_event
  for each row execute function refuse_audit_gap();

create function refuse_audit_rewind() returns trigger language plpgsql as $$
begin
  if new.seq is distinct from old.seq + 1 then
    raise exception 'the head of the audit chain only ever moves to the next event' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger audit_head_forward before update on audit_head
  for each row execute function refuse_audit_rewind();
create trigger audit_head_no_truncate before truncate on audit_head
  for each statement execute function refuse_audit_change();
