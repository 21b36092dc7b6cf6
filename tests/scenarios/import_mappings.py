"""Mappings of files that an operator brings: what a column is called there is what here."""

from __future__ import annotations

CUSTOMERS = """
kind: customers
system: erp
events:
  customer_opened:
    fields:
      code: 客户编号
      name: 客户名称
      division_code: {constant: "440100"}
      owner_unit: {constant: GZ}
      opened_on: {constant: 2024-01-01}
      opening: {constant: true}
"""
REVENUE = """
kind: revenue
system: erp
group_by: [单号]
set_aside:
  - {column: 客户, is: empty, reason: 没有客户 / no customer}
fields:
  ref: 单号
  customer.system: {constant: erp}
  customer.code: 客户
  business_line: {constant: 速递}
  occurred_on: {column: 日期, of_group: min}
  amount: {calculate: 数量 * 单价}
totals_by: customer.code
"""
CHARGES = """
kind: charges
system: erp
fields:
  ref: 账单号
  customer.system: {constant: erp}
  customer.code: 客户
  business_line: {constant: 速递}
  amount: 金额
  issued_on: 开账日
  due_on: 到期日
  tariff_class: {constant: other}
"""
PAYMENTS = """
kind: payments
system: bank
fields:
  ref: 流水号
  company_account: 账户
  payer.system: {constant: erp}
  payer.code: 付款人
  amount: 金额
  received_on: 日期
  remittance: {column: 账单号, split: " "}
  remittance_system: {constant: erp}
"""
COMPLAINTS = """
kind: complaints
system: callcentre
events:
  complaint_raised:
    fields:
      ref: Key
      channel: {constant: phone}
      kind: {constant: complaint}
      text: Text
      occurred_at: {column: Opened, format: "%d.%m.%Y %H:%M"}
  complaint_closed:
    when: [{column: Closed, is: filled}]
    fields:
      ref: Key
      closed_at: {column: Closed, format: "%d.%m.%Y %H:%M"}
      result: {constant: closed}
"""

MAPPINGS = {
    "customers": CUSTOMERS,
    "revenue": REVENUE,
    "charges": CHARGES,
    "payments": PAYMENTS,
    "complaints": COMPLAINTS,
}
