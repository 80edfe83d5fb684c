-- Doses of a day by kind, number and product; how many of them were entered afterwards (hồi cứu),
-- and the hours of the latest.
select place.row_id, dose.kind, dose.seq, dose.product, count(*),
  sum(case when dose.source = 'late' then 1 else 0 end),
  max(case when dose.source = 'late' then {hours} else 0 end)
from vaccination_session
join place on place.unit_id = vaccination_session.unit_id
join dose on dose.session_id = vaccination_session.id and dose.voided_at is null
where vaccination_session.held_on = :day
group by place.row_id, dose.kind, dose.seq, dose.product
