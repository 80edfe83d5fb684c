-- Doses of a day by kind, number and product, for each child of a unit and for the unit itself.
select child.id, dose.kind, dose.seq, dose.product, count(*)
from vaccination_session
join unit on unit.id = vaccination_session.unit_id
join unit as child
  on (child.parent_id = :unit and unit.path like child.path || '%')
  or (child.id = :unit and unit.id = :unit)
join dose on dose.session_id = vaccination_session.id and dose.voided_at is null
where vaccination_session.held_on = :day and unit.path like :below
group by child.id, dose.kind, dose.seq, dose.product
