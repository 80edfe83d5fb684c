-- Doses of sites up to a moment that are not confirmed as they are now, by id.
-- Values: last dose seen, moment, path of a unit with %, last dose seen, moment, the path, how many.
select mine.id from (
  select dose.id, dose.version, dose.person_id
  from dose
  join unit on unit.id = dose.unit_id
  where dose.id > ? and dose.given_at < ? and unit.path like ? and dose.source <> 'elsewhere'
    and dose.voided_at is null
  union all
  select dose.id, dose.version, dose.person_id
  from amendment
  join unit on unit.id = amendment.unit_id
  join dose on dose.id = amendment.dose_id
  where dose.id > ? and dose.given_at < ? and unit.path like ? and amendment.kind = 'elsewhere'
    and dose.source = 'elsewhere' and dose.voided_at is null
) as mine
where not exists (
  select 1 from confirmation
  where confirmation.dose_id = mine.id and confirmation.dose_version = mine.version
    and confirmation.identity_seq = (
      select max(seq) from identity_version where person_id = mine.person_id
    )
)
order by mine.id
limit ?
