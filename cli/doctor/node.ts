import { type DoctorCheck, ok, warn } from './check.ts'

/** The Node that runs this is the one the product was tested with. */
export const checkNode: DoctorCheck = ({ product }) => {
  const running = process.versions.node
  if (running === product.node) return [ok('node', `Node ${running}, the pinned version`)]
  return [
    warn(
      'node',
      `Node ${running} runs this; ${product.node} is pinned`,
      'Start the hub with the command modelhub, which brings its own Node.',
    ),
  ]
}
