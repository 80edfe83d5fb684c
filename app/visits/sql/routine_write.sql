-- A whole routine visit: the visit as it stands after the injection, the dose, the ledger line,
-- the sealed audit link, the event, and the answer kept for a retry.
with visited as (
  insert into visit (id, session_id, unit_id, person_id, state, version, queue_no,
    arrived_at, arrived_by_id, consent_at, consent_by_id, consent_signer, consent_relation,
    consent_text, screening_form, answers, flags, computed, conclusion, screened_at,
    screened_by_id, note, observe_until)
  values (%(visit)s, %(session)s, %(unit)s, %(person)s, 'observing', %(version)s, %(queue_no)s,
    %(now)s, %(by)s, %(now)s, %(by)s, '', 'self',
    %(consent_text)s, %(sheet)s, %(answers)s, '', %(eligible)s, %(eligible)s, %(now)s,
    %(by)s, '', %(until)s)
), given as (
  insert into dose (id, visit_id, person_id, unit_id, session_id, holding_id, product,
    lot_number, expires_on, kind, seq, overall, volume_ml, body_part, table_no, given_at,
    vaccinator_id, recorded_by_id, recorded_at, rules_version, warnings, reason, source,
    place, evidence, version)
  values (%(dose)s, %(visit)s, %(person)s, %(unit)s, %(session)s, %(holding)s, %(product)s,
    %(lot_number)s, %(expires_on)s, %(kind)s, %(seq)s, %(overall)s, %(volume_ml)s,
    %(body_part)s, %(table_no)s, %(now)s,
    %(vaccinator)s, %(by)s, %(now)s, %(rules_version)s, '[]', '', 'session',
    '', '', 1)
), moved as (
  insert into movement (holding_id, kind, doses, source_id, reason, note, by_id, at)
  values (%(holding)s, 'dose', -1, %(dose)s, '', '', %(by)s, %(now)s)
), cared as (
  insert into care (person_id, unit_id, since) values (%(person)s, %(unit)s, %(now)s)
  on conflict do nothing
), linked as (
  insert into audit_entry (chain, seq, at, user_id, action, noun, noun_id, person_id, detail, seal)
  values (%(chain)s, %(link)s, %(now)s, %(by)s, 'create', 'dose', %(dose)s, %(person)s,
    %(detail)s, %(seal)s)
), sealed as (
  update audit_head set seal = %(seal)s where chain = %(chain)s
), told as (
  insert into outbox (event, payload, created_at, attempts)
  values ('dose.recorded', %(event)s, %(now)s, 0)
)
insert into submission (key, body, user_id, result, at)
values (%(key)s, %(body)s, %(by)s, %(result)s, %(now)s)
