-- Since :day, by the Vietnamese day: doses that were received, less those given back.
select place.row_id, {moved_on}, sum(movement.doses)
from movement
join holding on holding.id = movement.holding_id
join place on place.unit_id = holding.unit_id
where movement.kind in ('receipt', 'return') and movement.at >= :start
group by place.row_id, {moved_on}
