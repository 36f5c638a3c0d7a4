/** Projects: what owns every row. This release has one project; the shape serves many. */
export { listProjects } from './list-projects.ts'
export { ensureDefaultProject, type ProjectRow, resolveProject } from './resolve-project.ts'
