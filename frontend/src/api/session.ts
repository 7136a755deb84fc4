import { body, client } from './http'
import type { OwnSession, Preferences, ProfileChange, SetupRequest, Uuid } from './types'

export const getSetup = () => body(client.GET('/api/v1/setup'))

export const createSetup = (setup: SetupRequest) =>
  body(client.POST('/api/v1/setup', { body: setup }))

export const getSession = () => body(client.GET('/api/v1/session'))

export const createSession = (credentials: { email: string; password: string }) =>
  body(client.POST('/api/v1/session', { body: credentials }))

export const createPasswordLink = (email: string) =>
  body(client.POST('/api/v1/password/links', { body: { email } }))

export const setPassword = (token: string, password: string) =>
  body(client.PUT('/api/v1/password', { body: { token, password } }))

export const deleteSession = () => body(client.DELETE('/api/v1/session'))

export const updateProfile = (change: ProfileChange) =>
  body(client.PATCH('/api/v1/profile', { body: change }))

export const savePreferences = (preferences: Preferences) =>
  body(client.PUT('/api/v1/profile/preferences', { body: preferences }))

export const listOwnSessions = async (signal?: AbortSignal) =>
  (await body(client.GET('/api/v1/profile/sessions', { signal }))).items as OwnSession[]

export const deleteOwnSession = (id: Uuid) =>
  body(client.DELETE('/api/v1/profile/sessions/{id}', { params: { path: { id } } }))

export const deleteOtherSessions = () => body(client.DELETE('/api/v1/profile/sessions'))

export const putPhoto = (photo: Blob) =>
  body(
    client.PUT('/api/v1/profile/photo', {
      // The bytes as they are; the type of the document knows only text.
      body: photo as unknown as string,
      bodySerializer: (bytes) => bytes,
      headers: { 'content-type': 'application/octet-stream' },
    }),
  )

export const deletePhoto = () => body(client.DELETE('/api/v1/profile/photo'))
