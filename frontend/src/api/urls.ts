// Addresses that the browser itself opens: frames, images, downloads.
import { apiUrl } from './http'
import type { Uuid } from './types'

export const messageOriginalUrl = (id: Uuid) => apiUrl(`/messages/${id}/original`)

export const attachmentUrl = (messageId: Uuid, id: Uuid, disposition: 'inline' | 'attachment') =>
  apiUrl(`/messages/${messageId}/attachments/${id}`, { disposition })

/** All files of a message, as a ZIP. */
export const attachmentsUrl = (messageId: Uuid) => apiUrl(`/messages/${messageId}/attachments`)

/** A file of an answer that is being written. */
export const uploadUrl = (id: Uuid) => apiUrl(`/uploads/${id}`)

/** The signed file, as others check it. */
export const statementUrl = (id: Uuid) => apiUrl(`/statements/${id}`)

export const quarantinedOriginalUrl = (id: Uuid) => apiUrl(`/quarantine/${id}/original`)

export const userPhotoUrl = (id: Uuid, version: number) =>
  apiUrl(`/users/${id}/photo`, { v: String(version) })
