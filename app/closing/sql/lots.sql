-- What was counted and what was written down of each lot at a session (its id, three times).
select part.holding_id, lot.product, lot.number, holding.balance, sum(part.taken),
       sum(part.recorded), sum(part.late), sum(part.wasted), sum(part.returned)
from (
  select holding_id, taken, 0 as recorded, 0 as late, 0 as wasted, returned
  from session_lot where session_id = ?
  union all
  select holding_id, 0, 1, case when source = 'late' then 1 else 0 end, 0, 0
  from dose where session_id = ? and voided_at is null
  union all
  select holding_id, 0, 0, 0, -doses, 0
  from movement where session_id = ? and kind in ('waste', 'unwaste')
) as part
join holding on holding.id = part.holding_id
join lot on lot.id = holding.lot_id
group by part.holding_id, lot.product, lot.number, lot.expires_on, holding.balance
order by lot.expires_on, part.holding_id
