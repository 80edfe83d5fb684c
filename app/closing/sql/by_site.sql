-- Sessions of earlier days that are still open, by the site.
-- Values: today, path of a unit with %, yesterday.
with unclosed as materialized (
  select session.id, session.unit_id, session.held_on, session.half_day, unit.path, unit.name
  from vaccination_session as session
  join unit on unit.id = session.unit_id
  where session.closed_at is null and session.held_on < ? and unit.path like ?
), accounted as (
  select session_id, abs(sum(doses)) as gap
  from (
    select session_id, holding_id, taken - returned as doses
    from session_lot where session_id in (select id from unclosed)
    union all
    select session_id, holding_id, -1
    from dose where voided_at is null and session_id in (select id from unclosed)
    union all
    select session_id, holding_id, doses
    from movement
    where kind in ('waste', 'unwaste') and session_id in (select id from unclosed)
  ) as part
  group by session_id, holding_id
), gaps as (
  select session_id, sum(gap) as gap from accounted group by session_id
), waits as (
  select session_id, count(*) as waiting
  from visit
  where state in ('arrived', 'consented', 'ready', 'observing')
    and session_id in (select id from unclosed)
  group by session_id
)
select unclosed.path, count(*), min(unclosed.held_on),
       sum(case when unclosed.held_on < ? and gaps.gap > 0 then 1 else 0 end),
       coalesce(sum(gaps.gap), 0), coalesce(sum(waits.waiting), 0)
from unclosed
left join gaps on gaps.session_id = unclosed.id
left join waits on waits.session_id = unclosed.id
group by unclosed.path
