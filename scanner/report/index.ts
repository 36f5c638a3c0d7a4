/** What makes a report of what was seen. It loads the rules and with them every format, so it is loaded apart. */
export { exitCodeOf, renderReport } from '../report.ts'
export { reportOf } from './report-of.ts'
