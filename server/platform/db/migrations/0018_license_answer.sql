-- Answers of a person in place of the computed ones, each about the text (or, without one, the license) that was there. The newest of a
-- question counts; one that was taken back stays with the reason.
create table license_answer (
  id text primary key,
  version_id text not null references model_version (id) on delete cascade,
  project_id text not null,
  question text not null,
  answer text not null check (answer in ('yes', 'no', 'conditional', 'unclear')),
  -- What the rules said then.
  instead_of text not null,
  license_id text,
  text_sha256 text,
  reason text not null,
  answered_by text not null,
  answered_by_id text not null,
  answered_at timestamptz not null,
  removed_by text,
  removed_at timestamptz,
  removed_reason text
);
create index license_answer_version on license_answer (version_id, answered_at desc, id desc);
