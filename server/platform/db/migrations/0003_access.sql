-- Projects own everything; people, sessions and accounts belong to the authentication library (its column names are kept).
create table project (
  id text primary key,
  name text not null,
  name_key text not null unique,
  visibility text not null default 'organization' check (visibility in ('private', 'projects', 'organization')),
  created_at timestamptz not null
);

create table auth_user (
  id text primary key,
  name text not null,
  email text not null unique,
  "emailVerified" boolean not null,
  image text,
  "createdAt" timestamptz not null,
  "updatedAt" timestamptz not null
);

create table auth_session (
  id text primary key,
  "expiresAt" timestamptz not null,
  token text not null unique,
  "createdAt" timestamptz not null,
  "updatedAt" timestamptz not null,
  "ipAddress" text,
  "userAgent" text,
  "userId" text not null references auth_user (id) on delete cascade
);
create index auth_session_user on auth_session ("userId");

create table auth_account (
  id text primary key,
  "accountId" text not null,
  "providerId" text not null,
  "userId" text not null references auth_user (id) on delete cascade,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  scope text,
  password text,
  "createdAt" timestamptz not null,
  "updatedAt" timestamptz not null
);
create index auth_account_user on auth_account ("userId");

create table auth_verification (
  id text primary key,
  identifier text not null,
  value text not null,
  "expiresAt" timestamptz not null,
  "createdAt" timestamptz not null,
  "updatedAt" timestamptz not null
);
create index auth_verification_identifier on auth_verification (identifier);

create table user_role (
  user_id text not null references auth_user (id) on delete cascade,
  project_id text references project (id) on delete cascade,
  role text not null,
  granted_at timestamptz not null,
  unique nulls not distinct (user_id, project_id, role)
);

-- The one-time link of the first start. Only the hash is kept.
create table setup_link (
  hash text primary key,
  expires_at timestamptz not null,
  used_at timestamptz
);

create table access_token (
  id text primary key,
  user_id text references auth_user (id) on delete cascade,
  name text not null,
  prefix text not null,
  hash text not null unique,
  roles text[] not null,
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);

create table gateway_key (
  id text primary key,
  project_id text not null references project (id),
  name text not null,
  prefix text not null,
  hash text not null unique,
  models text[],
  session boolean not null default false,
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);
create index gateway_key_created on gateway_key (created_at desc, id desc);

create table idempotency_key (
  actor_id text not null,
  key text not null,
  operation text not null,
  body_hash text not null,
  status integer,
  answer jsonb,
  created_at timestamptz not null,
  primary key (actor_id, key)
);
