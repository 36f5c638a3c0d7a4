/** Names of files that hold signatures of a model, at its root. */
export const isSignatureFile = (path: string): boolean =>
  !path.includes('/') && /^(?:model\.sig|.+\.sigstore(?:\.json)?|.+\.oms\.sig)$/i.test(path)
