/** What a caller may be allowed to do; every route names one. `public` needs no caller, `signed_in` any caller. */
export const permissions = [
  'public',
  'signed_in',
  'model.read',
  'model.write',
  'model.publish',
  'model.approve',
  'evidence.run',
  'job.read',
  'job.cancel',
  'source.browse',
  'key.read',
  'key.write',
  'token.write',
  'serving.read',
  'usage.read',
  'policy.read',
  'audit.read',
  'credential.read',
  'credential.write',
  'offering.write',
  'admin',
] as const
export type Permission = (typeof permissions)[number]

export const roles = ['admin', 'viewer'] as const
export type Role = (typeof roles)[number]

/** Permissions of each role. `admin` holds all of them. */
export const rolePermissions: Record<Role, readonly Permission[]> = {
  admin: permissions,
  viewer: ['public', 'signed_in', 'model.read', 'serving.read', 'job.read', 'key.read', 'policy.read'],
}
