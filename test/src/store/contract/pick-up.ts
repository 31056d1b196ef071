import type { Test } from 'tap'
import type { MakeStore } from '../samples.ts'
import { sample } from '../samples.ts'

const waiting = (invoiceId: string, recipient = '12345678200051') => ({
  invoiceId,
  recipient,
  invoice: JSON.stringify({ id: invoiceId })
})

export async function pickUpContract(t: Test, makeStore: MakeStore): Promise<void> {
  await t.test('an invoice is handed to one caller at a time, and comes again until it is acknowledged', async (t) => {
    const { store, advance } = await makeStore(t)
    const claim = (limit: number, recipients: string[] = []) =>
      store.claimWaiting('simulator', { recipients, limit, leaseMs: 60_000, caller: 'erp' })
    t.equal(await store.addWaiting('simulator', [waiting('1'), waiting('2', '999'), waiting('9007199254740993')]), 3)
    t.equal(await store.addWaiting('simulator', [waiting('1'), waiting('4')]), 1, 'what is known stays as it is')
    t.same(await store.knownWaiting('simulator', ['1', '4', '5']), new Set(['1', '4']))
    t.same(await store.knownWaiting('production', ['1']), new Set(), 'another environment has ids of its own')

    const [first] = await claim(1)
    t.match(first, { invoiceId: '1', deliveries: 1 })
    const shares = await Promise.all([claim(1), claim(1), claim(1), claim(1)])
    t.same(
      shares
        .flat()
        .map(({ invoiceId }) => invoiceId)
        .toSorted(),
      ['2', '4', '9007199254740993'],
      'at once: nothing twice, nothing left out'
    )
    t.same(await claim(10), [])
    advance(60_001)
    const again = await claim(10, ['999'])
    t.match(again, [{ invoiceId: '2', deliveries: 2 }], 'only for these recipients')
    const [one] = await claim(1)
    if (one === undefined || first === undefined || again[0] === undefined) throw new Error('nothing came')
    t.equal(one.invoiceId, '1', 'oldest first')

    const acknowledge = (lease: string, recipients: string[] = []) =>
      store.acknowledge('simulator', '1', { recipients, lease })
    t.equal(await acknowledge(first.lease), 'lease-lost', 'an older lease')
    t.equal(await acknowledge(one.lease, ['999']), undefined, 'somebody else’s')
    t.equal(await store.acknowledge('production', '1', { recipients: [], lease: one.lease }), undefined)
    advance(120_000)
    const done = await acknowledge(one.lease)
    t.type(done, Object, 'after its end too, as long as nobody else took it')
    advance(1_000)
    t.same(await acknowledge(one.lease), done, 'a repeat is answered with the first time')
    t.same(
      (await claim(10)).map(({ invoiceId }) => invoiceId),
      ['2', '9007199254740993', '4'],
      'it does not come again'
    )
    t.equal(await store.addWaiting('simulator', [waiting('1')]), 0, 'nor when it is found again')
  })

  await t.test('our id of an invoice is for the caller that sent it', async (t) => {
    const { store } = await makeStore(t)
    const send = async (caller: string, upstreamId: string) => {
      const result = await store.accept(sample({ caller, mode: 'pdf' }))
      if (result.kind !== 'accepted') throw new Error(result.kind)
      await store.change(result.invoice.id, () => ({ patch: { upstream: { invoiceId: upstreamId } } }))
      return result.invoice.id
    }
    const [mine, other] = [await send('erp', '9007199254740993'), await send('shop', '77')]
    const ids = ['9007199254740993', '77', '78']
    t.same(await store.linksOf('erp', 'simulator', ids), new Map([['9007199254740993', mine]]))
    t.same(await store.linksOf('shop', 'simulator', ids), new Map([['77', other]]))
    t.same(await store.linksOf('erp', 'production', ids), new Map())
    t.same(await store.linksOf('erp', 'simulator', []), new Map())
  })
}
