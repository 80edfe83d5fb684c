-- Days of sites on which nobody confirmed anything, and on which confirmations wait for a
-- signature, by the site, with the oldest. Dose by dose this would take seconds for a nation.
-- Values: path of a unit with %, since, before (days), the path, until (a moment).
select path, sum(unconfirmed), sum(unsigned), min(day) from (
  select distinct unit.path, session.held_on as day, 1 as unconfirmed, 0 as unsigned
  from vaccination_session as session
  join unit on unit.id = session.unit_id
  where unit.path like ? and session.held_on >= ? and session.held_on < ?
    and exists (select 1 from dose where session_id = session.id and voided_at is null)
    and not exists (
      select 1 from confirmation where unit_id = session.unit_id and day = session.held_on
    )
  union all
  select distinct unit.path, confirmation.day, 0, 1
  from confirmation
  join unit on unit.id = confirmation.unit_id
  join dose on dose.id = confirmation.dose_id and dose.version = confirmation.dose_version
  where unit.path like ? and confirmation.signed_id is null and confirmation.at < ?
    and dose.voided_at is null and confirmation.identity_seq = (
      select max(seq) from identity_version where person_id = confirmation.person_id
    )
) as waiting
group by path
