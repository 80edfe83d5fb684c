-- Since :day, by the Vietnamese day: wishes that were sent, whatever became of them.
select place.row_id, {sent_on}, count(*)
from registration
join place on place.unit_id = registration.unit_id
where registration.sent_at >= :start
group by place.row_id, {sent_on}
