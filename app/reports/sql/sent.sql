-- How many sites vaccinate on a day, and how many of them have sent their report.
select place.row_id, count(*), sum(case when exists (
    select 1 from sent_report where sent_report.unit_id = site.id and sent_report.day = :day
  ) then 1 else 0 end)
from (
  select distinct case when higher.is_site then above.id else unit.id end as id
  from vaccination_session
  join unit on unit.id = vaccination_session.unit_id
  left join unit as above on above.id = unit.parent_id
  left join level as higher on higher.code = above.level
  where vaccination_session.held_on = :day and unit.path like :below
) as site
join place on place.unit_id = site.id
group by place.row_id
