/** The business terms of EN 16931 behind our members; `*` stands for an index. */
const terms: Readonly<Record<string, string>> = {
  '/number': 'BT-1',
  '/issueDate': 'BT-2',
  '/typeCode': 'BT-3',
  '/currency': 'BT-5',
  '/taxPointDateCode': 'BT-8',
  '/dueDate': 'BT-9',
  '/buyer/serviceCode': 'BT-10',
  '/contractReference': 'BT-12',
  '/commitmentNumber': 'BT-13',
  '/note': 'BT-22',
  '/businessProcess': 'BT-23',
  '/precedingInvoice': 'BT-25',
  '/seller': 'BG-4',
  '/seller/siret': 'BT-30',
  '/buyer': 'BG-7',
  '/buyer/siret': 'BT-47',
  '/payment': 'BG-16',
  '/payment/meansCode': 'BT-81',
  '/payment/bankAccount': 'BT-84',
  '/totals': 'BG-22',
  '/totals/taxExclusive': 'BT-109',
  '/totals/tax': 'BT-110',
  '/totals/taxInclusive': 'BT-112',
  '/totals/payable': 'BT-115',
  '/vatBreakdown': 'BG-23',
  '/vatBreakdown/*': 'BG-23',
  '/vatBreakdown/*/taxable': 'BT-116',
  '/vatBreakdown/*/tax': 'BT-117',
  '/vatBreakdown/*/categoryCode': 'BT-118',
  '/vatBreakdown/*/rate': 'BT-119',
  '/vatBreakdown/*/exemptionReason': 'BT-120',
  '/lines': 'BG-25',
  '/lines/*': 'BG-25',
  '/lines/*/id': 'BT-126',
  '/lines/*/quantity': 'BT-129',
  '/lines/*/unitCode': 'BT-130',
  '/lines/*/netAmount': 'BT-131',
  '/lines/*/netPrice': 'BT-146',
  '/lines/*/vat/categoryCode': 'BT-151',
  '/lines/*/vat/rate': 'BT-152',
  '/lines/*/name': 'BT-153'
}

/** The EN 16931 term of a member, by its JSON pointer: `BT-131` for `/lines/3/netAmount`. */
export function termOf(pointer: string): string | undefined {
  return terms[pointer.replace(/\/\d+(?=\/|$)/g, '/*')]
}
