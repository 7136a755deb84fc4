import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { mount } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { Problem } from '@/api/problem'
import { differences, useEditing, versionOf, type Shown } from './editing'

interface Thing {
  version: number
  name: string
  color: string
}
const stale = () => new Problem({ type: '/problems/stale', status: 412 })

/** A form for the name, on a server that others use as well. */
function desk(first: Thing, also: { color?: boolean } = {}) {
  const server = { thing: first as Thing | null }
  const typed = { name: first.name }
  const save = vi.fn((version: number | null) => {
    if (!server.thing || version !== server.thing.version) return Promise.reject(stale())
    server.thing = { ...server.thing, name: typed.name, version: server.thing.version + 1 }
    return Promise.resolve(server.thing)
  })
  const onSuccess = vi.fn()
  let form!: ReturnType<typeof useEditing<Thing, number>>
  const Form = defineComponent(() => {
    form = useEditing<Thing, number>({
      of: first,
      builds: versionOf,
      load: () => Promise.resolve(server.thing),
      shows: ({ name, color }) => [
        { label: 'Name', value: name },
        ...(also.color ? [{ label: 'Colour', value: color }] : []),
      ],
      adopt: ({ name }) => {
        typed.name = name
      },
      save,
      onSuccess,
    })
    return () => h('form')
  })
  const queryClient = new QueryClient()
  mount(Form, { global: { plugins: [[VueQueryPlugin, { queryClient }]] as never } })
  const others = (change: Partial<Thing>) => {
    if (server.thing)
      server.thing = { ...server.thing, ...change, version: server.thing.version + 1 }
  }
  return { server, typed, save, onSuccess, form, others }
}

const first = { version: 1, name: 'Late', color: 'red' }
const settled = (form: { busy: { value: boolean } }) =>
  vi.waitFor(() => {
    expect(form.busy.value).toBe(false)
  })

async function submit(at: ReturnType<typeof desk>): Promise<void> {
  at.form.submit()
  await vi.waitFor(() => {
    expect(at.save).toHaveBeenCalled()
  })
  await settled(at.form)
}

it('saves on the version that it was opened on, and then on the one that came of it', async () => {
  const at = desk(first)
  at.typed.name = 'Later'
  await submit(at)
  at.typed.name = 'Latest'
  await submit(at)
  expect(at.save.mock.calls).toEqual([[1], [2]])
  expect(at.onSuccess).toHaveBeenLastCalledWith(
    { ...first, name: 'Latest', version: 3 },
    { ...first, name: 'Later', version: 2 },
  )
})

it('tells what another has made of it, and keeps what was typed until it is saved over that', async () => {
  const at = desk(first)
  at.typed.name = 'Mine'
  at.others({ name: 'Theirs' })
  await submit(at)
  expect(at.form.theirs.value).toEqual([{ label: 'Name', value: 'Theirs' }])
  expect(at.form.error.value).toBeNull()
  expect(at.typed.name).toBe('Mine')
  expect(at.server.thing?.name).toBe('Theirs')
  await submit(at)
  expect(at.form.theirs.value).toBeNull()
  expect(at.server.thing?.name).toBe('Mine')
  expect(at.save.mock.calls).toEqual([[1], [2]])
})

it('tells again when it was overtaken again', async () => {
  const at = desk(first)
  at.typed.name = 'Mine'
  at.others({ name: 'Theirs' })
  await submit(at)
  at.others({ name: 'Somebody’s' })
  await submit(at)
  expect(at.form.theirs.value).toEqual([{ label: 'Name', value: 'Somebody’s' }])
  expect(at.server.thing?.name).toBe('Somebody’s')
})

it('takes what another has made of it, and goes on from there', async () => {
  const at = desk(first)
  at.typed.name = 'Mine'
  at.others({ name: 'Theirs' })
  await submit(at)
  at.form.take()
  expect(at.typed.name).toBe('Theirs')
  expect(at.form.theirs.value).toBeNull()
  at.typed.name += ', and mine'
  await submit(at)
  expect(at.server.thing?.name).toBe('Theirs, and mine')
})

it('lets alone what others have changed elsewhere', async () => {
  const at = desk(first)
  at.typed.name = 'Mine'
  at.others({ color: 'blue' })
  await submit(at)
  expect(at.form.theirs.value).toBeNull()
  expect(at.server.thing).toEqual({ version: 3, name: 'Mine', color: 'blue' })

  const whole = desk(first, { color: true })
  whole.others({ color: 'blue' })
  await submit(whole)
  expect(whole.form.theirs.value).toEqual([{ label: 'Colour', value: 'blue' }])
})

it('says so when it is gone', async () => {
  const at = desk(first)
  at.server.thing = null
  await submit(at)
  expect(at.form.theirs.value).toBeNull()
  expect(at.form.error.value).toMatchObject({ code: 'stale' })
})

it('finds what is new, changed and gone', () => {
  const line = (label: string, value: string, is?: unknown): Shown => ({ label, value, is })
  expect(differences([line('Name', 'a')], [line('Name', 'b')])).toEqual([line('Name', 'b')])
  expect(differences([line('Phone', '1')], [])).toEqual([{ label: 'Phone', value: '' }])
  const phones = [line('Phone', '1'), line('Phone', '2')]
  expect(differences(phones, phones.slice(0, 1))).toEqual([{ label: 'Phone', value: '' }])
  expect(differences([line('Who', 'A, B', ['b'])], [line('Who', 'B, A', ['b'])])).toEqual([])
  expect(differences([line('Text', 'a', 1)], [line('Text', 'a', 2)])).toHaveLength(1)
})
