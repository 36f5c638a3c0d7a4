import { conflict, invalid, notFound } from '../../../../kernel/index.ts'
import type { UploadFileRow } from './upload-store.ts'

export const noUpload = (id: string) =>
  notFound(
    'upload_not_found',
    `There is no upload ${id.slice(0, 60)}: it was removed, or was left alone for seven days.`,
    'Begin another one.',
  )

export const noUploadFile = (ordinal: number) =>
  notFound(
    'upload_file_not_found',
    `The upload has no file with the ordinal ${ordinal}.`,
    'Ask for its files with GET /uploads/{id}.',
  )

export const uploadEnded = () =>
  conflict(
    'upload_finished',
    'The upload is finished: it takes no more bytes.',
    'Register a model from it, or begin another one.',
  )

export const wrongOffset = (file: UploadFileRow) =>
  conflict('wrong_offset', `The bytes of ${file.path} that are here end at ${file.received}.`, 'Go on from there.', {
    details: { receivedBytes: file.received, size: file.size },
  })

export const takenOver = () =>
  conflict(
    'upload_taken_over',
    'Another request sends this file now; what came before is kept.',
    'Let one program send it.',
  )

export const uploadBusy = () =>
  conflict('upload_busy', 'Another process of the hub takes this file now.', 'Try again in a moment.')

export const tooLong = (file: UploadFileRow, end: number) =>
  invalid(
    'upload_too_long',
    `${file.path} was said to have ${file.size} bytes; these would end at ${end}.`,
    'Begin another upload if the file has changed.',
    { details: { size: file.size, receivedBytes: file.received } },
  )
