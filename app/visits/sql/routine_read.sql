-- All that the rules and the page need to know before a routine dose; no row: not routine.
-- Values: person, session, holding, units at or above the session's, vaccinator.
select p.name, p.sex, p.dob_year, p.dob_month, p.dob_day, p.immunosuppressed, p.deceased_on,
       l.product, l.number, l.expires_on,
       nextval('visit_id_seq') as visit, nextval('dose_id_seq') as dose,
       (select string_agg(m.roles, ' ')
          from membership m join account a on a.id = m.user_id
         where m.user_id = %(vaccinator)s and a.active
           and position('/' || m.unit_id || '/' in u.path) > 0) as roles,
       (select json_agg(json_build_array(d.product, d.kind, d.seq, d.given_at)
                        order by d.given_at, d.id)
          from dose d where d.person_id = p.id and d.voided_at is null) as history
  from person p,
       vaccination_session s join unit u on u.id = s.unit_id,
       holding h join lot l on l.id = h.lot_id
 where p.id = %(person)s and p.deceased_on is null and p.merged_into_id is null
   and s.id = %(session)s and u.path like %(scope)s || '%%'
   and h.id = %(holding)s
   and (h.unit_id = s.unit_id
        or exists (select 1 from session_lot k where k.session_id = s.id and k.holding_id = h.id))
   and not exists (select 1 from visit v where v.session_id = s.id and v.person_id = p.id)
