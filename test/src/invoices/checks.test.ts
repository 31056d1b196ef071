import t from 'tap'
import {
  type CheckedInvoice,
  type CheckMode,
  type CheckOptions,
  checkInvoice,
  termOf
} from '../../../src/invoices/checks.ts'
import {
  decimalDigits,
  fitsMoney,
  formatDecimal,
  parseDecimal,
  roundDecimal,
  sameDecimal,
  sumDecimals
} from '../../../src/invoices/decimal.ts'
import { hasSiretCheckDigit } from '../../../src/invoices/siret.ts'

/** An invoice without a fault in any mode but data. */
const good: CheckedInvoice = {
  number: 'FA-2026-0042',
  issueDate: '2026-09-01',
  dueDate: '2026-10-01',
  typeCode: '380',
  currency: 'EUR',
  businessProcess: 'A1',
  seller: { siret: '73282932000074' },
  buyer: { siret: '35600000000048', serviceCode: 'SRV1' },
  commitmentNumber: 'EJ-778899',
  payment: { meansCode: '30' },
  totals: { taxExclusive: '1000.00', tax: '200.00', taxInclusive: '1200.00', payable: '1200.00' },
  vatBreakdown: [{ categoryCode: 'S', rate: '20', taxable: '1000.00', tax: '200.00' }],
  lines: [
    {
      id: '1',
      name: 'Conseil',
      quantity: '2',
      unitCode: 'jour',
      netPrice: '400.00',
      netAmount: '800.00',
      vat: { rate: '20' }
    },
    {
      id: '2',
      name: 'Dossier',
      quantity: '1',
      unitCode: 'lot',
      netPrice: '200',
      netAmount: '200.00',
      vat: { rate: '20' }
    }
  ]
}
const pdf: CheckOptions = { mode: 'pdf', files: { file: { name: 'facture.pdf', size: 1000 } } }
const { number: _number, issueDate: _issueDate, ...dataInvoice } = good

const rules = (invoice: CheckedInvoice, options: CheckOptions) => {
  const { errors, warnings } = checkInvoice(invoice, options)
  const names = (list: typeof errors) => list.map(({ pointer, detailRule }) => `${pointer} ${detailRule}`)
  return { errors: names(errors), warnings: names(warnings) }
}
const without = (...members: (keyof CheckedInvoice)[]): CheckedInvoice =>
  Object.fromEntries(Object.entries(good).filter(([name]) => !members.includes(name as keyof CheckedInvoice)))

t.test('a good invoice has nothing to say in any mode', (t) => {
  t.strictSame(rules(good, pdf), { errors: [], warnings: [] })
  t.strictSame(rules(good, { ...pdf, mode: 'structured' }), { errors: [], warnings: [] })
  t.strictSame(rules(dataInvoice, { mode: 'data' }), { errors: [], warnings: [] })
  t.end()
})

t.test('header members', (t) => {
  type Case = readonly [name: string, change: CheckedInvoice, errors: string[], warnings?: string[], mode?: CheckMode]
  const cases: Case[] = [
    ['20 characters', { number: 'A'.repeat(20) }, []],
    ['21 characters', { number: 'A'.repeat(21) }, ['/number number-format']],
    ['all allowed signs', { number: 'a-Z_0/9+' }, []],
    ['a blank', { number: 'FA 1' }, ['/number number-format']],
    ['an accent', { number: 'FÉ1' }, ['/number number-format']],
    ['a dot', { number: 'FA.1' }, ['/number number-format']],
    ['30 February', { issueDate: '2026-02-30' }, ['/issueDate date-invalid']],
    ['a leap day that was none', { issueDate: '2026-02-29' }, ['/issueDate date-invalid']],
    ['a leap day', { issueDate: '2024-02-29', dueDate: '2024-02-29' }, []],
    ['a French date', { issueDate: '01/09/2026' }, ['/issueDate date-invalid']],
    ['year zero', { issueDate: '0000-01-01' }, [], []],
    ['due before issue', { dueDate: '2026-08-31' }, [], ['/dueDate due-date-early']],
    ['a due date that is none', { dueDate: '2026-13-01' }, ['/dueDate date-invalid']],
    ['type 384', { typeCode: '384' }, ['/typeCode type-code']],
    ['type 384 in a document', { typeCode: '384' }, [], ['/typeCode type-code'], 'structured'],
    ['prepayment', { typeCode: '386' }, [], ['/typeCode prepayment-type']],
    ['credit note', { typeCode: '381' }, [], ['/precedingInvoice preceding-invoice-missing']],
    ['credit note with its invoice', { typeCode: '381', precedingInvoice: 'FA-1' }, []],
    ['lower-case currency', { currency: 'eur' }, ['/currency currency-unknown']],
    ['a currency that does not exist', { currency: 'QQQ' }, ['/currency currency-unknown']],
    ['dollars', { currency: 'USD' }, []],
    ['a SIREN', { buyer: { siret: '356000000' } }, ['/buyer/siret siret-format']],
    ['a wrong check digit', { buyer: { siret: '12345678200052' } }, [], ['/buyer/siret siret-check-digit']],
    ['no buyer', { buyer: {} }, ['/buyer/siret required']],
    ['a long commitment number', { commitmentNumber: 'x'.repeat(51) }, ['/commitmentNumber too-long']],
    ['the longest commitment number', { commitmentNumber: 'x'.repeat(50) }, []],
    [
      'a long service code',
      { buyer: { siret: '35600000000048', serviceCode: 'x'.repeat(101) } },
      ['/buyer/serviceCode too-long']
    ],
    ['a long note', { note: 'x'.repeat(2001) }, ['/note too-long']],
    ['a longish note', { note: 'x'.repeat(1001) }, [], ['/note note-long']],
    ['works framework', { businessProcess: 'A4' }, ['/businessProcess framework-not-in-mode']],
    ['works framework in a document', { businessProcess: 'A4' }, [], [], 'structured'],
    [
      'another process in a document',
      { businessProcess: 'urn:x' },
      [],
      ['/businessProcess framework-not-written'],
      'structured'
    ],
    ['subcontractor without validator', { businessProcess: 'A9' }, [], ['/validator/siret validator-missing']],
    ['co-contractor with validator', { businessProcess: 'A12', validator: { siret: '73282932000074' } }, []],
    ['validator nobody asks', { validator: { siret: '73282932000074' } }, [], ['/validator validator-unused']],
    ['no payment means', { payment: {} }, [], ['/payment/meansCode payment-means-missing']],
    ['exempt without reason', { vatRegime: 'exempt' }, ['/vatBreakdown/0/exemptionReason exemption-reason-missing']],
    [
      'a SIRET short of the seller in a document',
      { seller: {} },
      [],
      ['/seller/siret seller-siret-missing'],
      'structured'
    ]
  ]
  for (const [name, change, errors, warnings = [], mode = 'pdf'] of cases) {
    t.strictSame(rules({ ...good, ...change }, { ...pdf, mode }), { errors, warnings }, name)
  }
  t.end()
})

t.test('members that a mode needs', (t) => {
  t.strictSame(rules(without('number', 'issueDate', 'totals', 'vatBreakdown', 'lines'), pdf).errors, [
    '/number required',
    '/issueDate required',
    '/totals/taxExclusive required',
    '/totals/tax required',
    '/totals/taxInclusive required',
    '/totals/payable required'
  ])
  const completing = rules({ ...without('number', 'totals'), completeFromDocument: true }, pdf)
  t.strictSame(completing.errors, [], 'what the document may bring is no error yet')
  t.equal(completing.warnings.length, 5)
  t.strictSame(rules({ ...good, completeFromDocument: true, lines: [] }, { mode: 'data' }).errors, ['/lines required'])
  t.strictSame(rules(good, { mode: 'data' }), {
    errors: [],
    warnings: ['/number number-ignored', '/issueDate issue-date-ignored']
  })
  t.strictSame(rules({ ...dataInvoice, lines: [{ netAmount: '1000' }], vatBreakdown: [{}] }, { mode: 'data' }).errors, [
    '/lines/0/name required',
    '/lines/0/quantity required',
    '/lines/0/netPrice required',
    '/lines/0/vat/rate required',
    '/vatBreakdown/0/rate required',
    '/vatBreakdown/0/taxable required',
    '/vatBreakdown/0/tax required'
  ])
  t.end()
})

t.test('amounts that add up, and that do not', (t) => {
  type Case = readonly [
    name: string,
    change: CheckedInvoice,
    errors: string[],
    warnings?: string[],
    options?: Partial<CheckOptions>
  ]
  const totals = (change: NonNullable<CheckedInvoice['totals']>) => ({ totals: { ...good.totals, ...change } })
  const vat = (tax: string, rate = '20', taxable = '1000.00') => ({
    vatBreakdown: [{ categoryCode: 'S', rate, taxable, tax }]
  })
  const cases: Case[] = [
    ['other spellings of the same', totals({ taxExclusive: '1000', tax: '200.0', payable: '1200.000000' }), []],
    [
      'a cent too much',
      totals({ taxInclusive: '1200.01', payable: '1200.01' }),
      ['/totals/taxInclusive tax-inclusive-sum']
    ],
    [
      'a millionth too much',
      totals({ taxInclusive: '1200.000001', payable: '1200.000001' }),
      ['/totals/taxInclusive tax-inclusive-sum']
    ],
    ['partly paid', totals({ payable: '700.00' }), [], ['/totals/payable payable-differs']],
    ['discount, total before it', totals({ allowance: '100', payable: '1100' }), []],
    ['discount, total after it', totals({ allowance: '100', taxInclusive: '1100', payable: '1100' }), []],
    ['discount that contradicts', totals({ allowance: '100', payable: '1150' }), ['/totals/payable payable-differs']],
    ['discount and prepayment', totals({ allowance: '100', payable: '500' }), [], ['/totals/payable payable-differs']],
    ['comma', totals({ tax: '200,00' }), ['/totals/tax amount-format']],
    ['thousands', totals({ tax: '1 200.00' }), ['/totals/tax amount-format']],
    ['exponent', totals({ tax: '2e2' }), ['/totals/tax amount-format']],
    ['not a number', totals({ tax: 'NaN' }), ['/totals/tax amount-format']],
    ['seven decimals', totals({ allowance: '0.0000001' }), ['/totals/allowance amount-digits']],
    ['fourteen digits', totals({ allowance: '12345678901234' }), ['/totals/allowance amount-digits']],
    ['VAT within a cent', vat('200.00', '20.001'), []],
    ['VAT off', vat('200.00', '19.6'), ['/vatBreakdown/0/tax vat-product']],
    ['VAT off in a document', vat('200.00', '19.6'), [], ['/vatBreakdown/0/tax vat-product'], { mode: 'structured' }],
    ['stricter tolerance', vat('200.00', '20.001'), ['/vatBreakdown/0/tax vat-product'], [], { tolerance: '0.005' }],
    [
      'breakdown of another total',
      vat('180.00', '20', '900.00'),
      ['/totals/taxExclusive taxable-sum', '/totals/tax vat-sum']
    ],
    ['lines of another total', { lines: [{ netAmount: '999.99' }] }, ['/totals/taxExclusive line-sum']],
    [
      'a line that does not multiply',
      { lines: [{ quantity: '3', netPrice: '333.30', netAmount: '1000.00' }] },
      ['/lines/0/netAmount line-product']
    ],
    ['a line rounded', { lines: [{ quantity: '3', netPrice: '333.333', netAmount: '1000.00' }] }, []],
    [
      'negative invoice',
      { totals: { taxExclusive: '-1', tax: '0', taxInclusive: '-1', payable: '-1' }, vatBreakdown: [], lines: [] },
      [],
      ['/typeCode negative-invoice']
    ],
    [
      'negative credit note',
      {
        typeCode: '381',
        precedingInvoice: 'F',
        totals: { taxExclusive: '-1', tax: '0', taxInclusive: '-1', payable: '-1' },
        vatBreakdown: [],
        lines: []
      },
      []
    ],
    [
      'exempt with reason',
      {
        totals: { taxExclusive: '1', tax: '0', taxInclusive: '1', payable: '1' },
        vatBreakdown: [{ categoryCode: 'E', rate: '0', taxable: '1', tax: '0', exemptionReason: 'Article 261 du CGI' }],
        lines: []
      },
      []
    ],
    [
      'exempt without reason',
      {
        totals: { taxExclusive: '1', tax: '0', taxInclusive: '1', payable: '1' },
        vatBreakdown: [{ categoryCode: 'E', rate: '0', taxable: '1', tax: '0' }],
        lines: []
      },
      ['/vatBreakdown/0/exemptionReason exemption-reason-missing']
    ]
  ]
  for (const [name, change, errors, warnings = [], options = {}] of cases) {
    t.strictSame(rules({ ...good, ...change }, { ...pdf, ...options }), { errors, warnings }, name)
  }
  t.end()
})

t.test('a document’s own totals explain its sums', (t) => {
  const invoice = { ...good, totals: { ...good.totals, payable: '700.00' } }
  const structured: CheckOptions = { ...pdf, mode: 'structured' }
  t.strictSame(rules(invoice, structured).errors, [], 'unknown without them')
  t.strictSame(rules(invoice, { ...structured, documentTotals: { prepaid: '500.00', lineExtension: '1000.00' } }), {
    errors: [],
    warnings: []
  })
  t.strictSame(rules(invoice, { ...structured, documentTotals: { prepaid: '400.00' } }).errors, [
    '/totals/payable payable-sum'
  ])
  t.strictSame(
    rules(invoice, { ...structured, documentTotals: {} }),
    { errors: [], warnings: ['/totals/payable payable-sum'] },
    'profile MINIMUM has no prepayment'
  )
  t.strictSame(
    rules(good, { ...structured, documentTotals: { lineExtension: '1100.00', allowance: '100.00' } }).warnings,
    ['/lines line-sum']
  )
  const longPrice = { ...good, lines: [{ id: '1', netPrice: '0.123456789', netAmount: '1000.00' }] }
  t.strictSame(
    rules(longPrice, structured),
    { errors: [], warnings: ['/lines/0/netPrice amount-digits'] },
    'EN 16931 sets no limit to the digits of a price'
  )
  t.end()
})

t.test('files', (t) => {
  const mega = 1024 * 1024
  type Case = readonly [name: string, files: CheckOptions['files'], errors: string[], mode?: CheckMode]
  const file = { name: 'facture.pdf', size: 10 * mega }
  const ten = (count: number) => Array.from({ length: count }, (_, at) => ({ name: `${at}.pdf`, size: 10 * mega }))
  const cases: Case[] = [
    ['the limit', { file }, []],
    ['the limit and a byte', { file: { name: 'f.pdf', size: 10 * mega + 1 } }, ['/file file-size']],
    ['empty', { file: { name: 'f.pdf', size: 0 } }, ['/file file-empty']],
    ['none', {}, ['/file required']],
    ['a file in mode data', { file }, ['/file file-unused'], 'data'],
    ['none in mode data', {}, [], 'data'],
    ['a long name', { file: { name: `${'x'.repeat(197)}.pdf`, size: 1 } }, ['/file file-name-long']],
    ['a path', { file: { name: '../../etc/passwd', size: 1 } }, ['/file file-name-format']],
    ['a text that turns', { file: { name: 'a\u202efdp.exe', size: 1 } }, ['/file file-name-format']],
    ['attachment', { file, attachments: [{ name: 'bon.PDF', size: 1 }] }, []],
    ['50 characters', { file, attachments: [{ name: `${'x'.repeat(46)}.pdf`, size: 1 }] }, []],
    [
      '51 characters',
      { file, attachments: [{ name: `${'x'.repeat(47)}.pdf`, size: 1 }] },
      ['/attachments/0 file-name-long']
    ],
    ['no ending', { file, attachments: [{ name: 'bon', size: 1 }] }, ['/attachments/0 attachment-ending']],
    ['a dot file', { file, attachments: [{ name: '.pdf', size: 1 }] }, ['/attachments/0 attachment-ending']],
    ['a program', { file, attachments: [{ name: 'a.exe', size: 1 }] }, ['/attachments/0 attachment-ending']],
    [
      'an empty second one',
      {
        file,
        attachments: [
          { name: 'a.txt', size: 1 },
          { name: 'b.txt', size: 0 }
        ]
      },
      ['/attachments/1 file-empty']
    ],
    ['120 MB in all', { file, attachments: ten(11) }, []],
    ['130 MB in all', { file, attachments: ten(12) }, ['/attachments total-size']],
    ['attachments of a flow', { file, attachments: ten(1) }, ['/attachments attachments-unused'], 'structured']
  ]
  for (const [name, files, errors, mode = 'pdf'] of cases) {
    t.strictSame(
      rules(mode === 'data' ? dataInvoice : good, { mode, ...(files === undefined ? {} : { files }) }),
      { errors, warnings: [] },
      name
    )
  }
  const small = checkInvoice(good, { ...pdf, limits: { fileBytes: 10, totalBytes: 10 } })
  t.match(small.errors, [{ rule: 'file-too-large' }, { rule: 'file-too-large' }], 'limits are the caller’s')
  t.end()
})

t.test('all faults at once, each with term, both languages and a remedy', (t) => {
  const bad: CheckedInvoice = {
    number: 'FA 1!',
    issueDate: '2026-02-30',
    buyer: { siret: '1' },
    totals: { taxExclusive: '1', tax: '1', taxInclusive: '3', payable: 'x' },
    lines: [{ netAmount: '5' }]
  }
  const { errors, warnings } = checkInvoice(bad, pdf)
  t.strictSame(
    errors.map(({ pointer, term, rule }) => [pointer, term, rule]),
    [
      ['/number', 'BT-1', 'validation-failed'],
      ['/issueDate', 'BT-2', 'validation-failed'],
      ['/buyer/siret', 'BT-47', 'validation-failed'],
      ['/totals/payable', 'BT-115', 'validation-failed'],
      ['/totals/taxInclusive', 'BT-112', 'totals-inconsistent'],
      ['/totals/taxExclusive', 'BT-109', 'totals-inconsistent']
    ]
  )
  for (const finding of [...errors, ...warnings]) t.match(finding, { message: /\.$/, messageFr: /\.$/, fix: /\S{2}/ })
  t.match(
    errors.find(({ pointer }) => pointer === '/totals/taxInclusive'),
    { message: /1 without VAT and 1 VAT make 2, not 3/, fix: /"2"/ }
  )
  const many = checkInvoice({ ...good, lines: Array.from({ length: 5000 }, () => ({ netAmount: 'x' })) }, pdf)
  t.equal(many.errors.length, 200, 'a list stays readable')
  t.end()
})

t.test('pointers have their business terms', (t) => {
  for (const [pointer, term] of Object.entries({
    '/number': 'BT-1',
    '/buyer/serviceCode': 'BT-10',
    '/vatBreakdown/12/tax': 'BT-117',
    '/lines/4999/netAmount': 'BT-131',
    '/lines/0/vat/rate': 'BT-152',
    '/lines': 'BG-25'
  })) {
    t.equal(termOf(pointer), term)
  }
  t.equal(termOf('/attachments/0'), undefined)
  t.end()
})

t.test('SIRET check digits', (t) => {
  for (const [siret, right] of Object.entries({
    '73282932000074': true,
    '73282932000075': false,
    '35600000000048': true,
    '35600000049837': true,
    '35600000049838': false,
    '12345678200051': true,
    '12345678200052': false,
    '7328293200007': false
  })) {
    t.equal(hasSiretCheckDigit(siret), right, siret)
  }
  t.end()
})

t.test('decimals are exact', (t) => {
  t.equal(formatDecimal(sumDecimals(['0.1', '0.2']) ?? fail()), '0.3')
  t.equal(
    formatDecimal((parseDecimal('1234567890123.456789') ?? fail()).times('1234567890123.456789')),
    '1524157875323883675019051.998750190521'
  )
  for (const text of [
    '',
    ' 1',
    '1.',
    '.5',
    '1e5',
    'NaN',
    'Infinity',
    '0x1',
    '1,5',
    '1 000',
    '--1',
    '٣',
    '1'.repeat(61)
  ]) {
    t.equal(parseDecimal(text), undefined, JSON.stringify(text))
  }
  for (const [value, digits, rounded] of [
    ['0.005', 2, '0.01'],
    ['-0.005', 2, '-0.01'],
    ['1.004999', 2, '1.00'],
    ['2.5', 0, '3'],
    ['-0.001', 2, '0.00']
  ] as const) {
    t.equal(formatDecimal(parseDecimal(value) ?? fail(), digits), rounded, `${value} to ${digits}`)
    t.ok(roundDecimal(parseDecimal(value) ?? fail(), digits).eq(rounded))
  }
  t.equal(formatDecimal(parseDecimal('0.0000001') ?? fail()), '0.0000001', 'never an exponent')
  t.ok(sameDecimal('+1200', '1200.00'))
  t.notOk(sameDecimal('1200', 'x'))
  t.ok(fitsMoney('-9999999999999.999999'))
  t.notOk(fitsMoney('10000000000000'))
  t.ok(fitsMoney('10.00000000'))
  t.notOk(fitsMoney('10.00000001'))
  t.notOk(fitsMoney('1.'))
  t.strictSame(decimalDigits('0012.50'), { integer: 2, fraction: 2 })
  t.equal(sumDecimals(['1', undefined]), undefined)
  t.end()
})

function fail(): never {
  throw new Error('no decimal')
}
