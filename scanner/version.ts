/**
 * Version of everything that turns bytes into facts. It changes when the same bytes would give other facts, which means that stored
 * facts must be made anew from the bytes. Rules have their own version (`rulesetVersion`): they only re-read stored facts.
 */
export const scannerVersion = '2.1.0'
