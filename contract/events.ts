/** News that travels up between modules of the control plane, by NOTIFY channel name. */
export const channels = {
  /** Routes, keys or published versions changed: compile a new snapshot. Payload: reason. */
  serving: 'modelhub_serving',
} as const
