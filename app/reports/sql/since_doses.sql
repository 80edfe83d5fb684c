-- Since :day, by day: doses that stand, how many of them are a person's first, and the sites that
-- gave them.
select place.row_id, vaccination_session.held_on, count(*),
  sum(case when dose.overall = 1 then 1 else 0 end), count(distinct vaccination_session.unit_id)
from vaccination_session
join place on place.unit_id = vaccination_session.unit_id
join dose on dose.session_id = vaccination_session.id and dose.voided_at is null
where vaccination_session.held_on >= :day
group by place.row_id, vaccination_session.held_on
