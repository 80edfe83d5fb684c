-- What waits at sites for longer than a day, by step: doses, days of sites, the oldest of these.
-- Doses from elsewhere are looked at from when they were entered on, late ones as well.
-- Values: path of a unit with %, since, until, until, path, since, until, path, until.
select step, count(*), count(distinct unit_id || ' ' || day), min(day) from (
  select 'confirm' as step, mine.unit_id, mine.day from (
    select dose.id, dose.version, dose.person_id, dose.unit_id, {day} as day
    from dose
    join unit on unit.id = dose.unit_id
    where unit.path like ? and dose.given_at >= ? and dose.given_at < ? and dose.recorded_at < ?
      and dose.source <> 'elsewhere' and dose.voided_at is null
    union all
    select dose.id, dose.version, dose.person_id, amendment.unit_id, {day}
    from amendment
    join unit on unit.id = amendment.unit_id
    join dose on dose.id = amendment.dose_id
    where unit.path like ? and dose.recorded_at >= ? and dose.recorded_at < ?
      and amendment.kind = 'elsewhere' and dose.source = 'elsewhere' and dose.voided_at is null
  ) as mine
  where not exists (
    select 1 from confirmation
    where confirmation.dose_id = mine.id and confirmation.dose_version = mine.version
      and confirmation.identity_seq = (
        select max(seq) from identity_version where person_id = mine.person_id
      )
  )
  union all
  select 'sign', confirmation.unit_id, confirmation.day
  from confirmation
  join unit on unit.id = confirmation.unit_id
  join dose on dose.id = confirmation.dose_id and dose.version = confirmation.dose_version
  where unit.path like ? and confirmation.signed_id is null and confirmation.at < ?
    and dose.voided_at is null and confirmation.identity_seq = (
      select max(seq) from identity_version where person_id = confirmation.person_id
    )
) as waiting
group by step
