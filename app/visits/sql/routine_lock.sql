-- Locks in everybody's order (person, session, lot, chain): each waits for the one before it.
-- Takes a number in the queue, a unit of the lot and a link of the chain; no row: not routine.
with asked as (
  select id from person where id = %(person)s for no key update
), queued as (
  update vaccination_session s set last_queue_no = last_queue_no + 1
    from asked
   where s.id = %(session)s and s.held_on = %(today)s and s.closed_at is null
     and s.last_queue_no < s.capacity
  returning s.last_queue_no, s.unit_id, s.tables
), taken as (
  update holding h set balance = balance - 1
    from queued, lot l
   where h.id = %(holding)s and h.balance > 0 and l.id = h.lot_id
     and l.expires_on >= %(today)s and l.suspended_at is null
  returning h.id
)
update audit_head a set seq = seq + 1
  from taken, queued
 where a.chain = %(chain)s
returning a.seq as link, a.seal, queued.last_queue_no, queued.unit_id, queued.tables
