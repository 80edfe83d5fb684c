-- Doses thrown away at the sessions of a day, and on the day outside of sessions, by product.
select wasted.row_id, wasted.product, sum(wasted.doses)
from (
  select place.row_id, lot.product, -movement.doses as doses
  from vaccination_session
  join place on place.unit_id = vaccination_session.unit_id
  join movement on movement.session_id = vaccination_session.id and movement.kind in ('waste', 'unwaste')
  join holding on holding.id = movement.holding_id
  join lot on lot.id = holding.lot_id
  where vaccination_session.held_on = :day
  union all
  select place.row_id, lot.product, -movement.doses
  from movement
  join holding on holding.id = movement.holding_id
  join place on place.unit_id = holding.unit_id
  join lot on lot.id = holding.lot_id
  where movement.kind in ('waste', 'unwaste') and movement.session_id is null
    and movement.at >= :start and movement.at < :end
) as wasted
group by wasted.row_id, wasted.product
