-- +goose Up
-- A city or province has units of its own, and who acts for its office (CITY, PROV) answers for it as a director does
-- in a county. Reading below gives none of this: all of these ask for rows of the own office.
drop policy publishing on score_cards;
create policy publishing on score_cards as restrictive for insert to xuncha_app with check (
    current_setting('app.role') = any ('{DIR,CITY,PROV}'));

drop policy begun_by_office on evaluations;
create policy begun_by_office on evaluations as restrictive for insert to xuncha_app with check (
    current_setting('app.role') = any ('{OFF,DIR,CITY,PROV}'));

drop policy own_office on evaluation_sheets;
create policy own_office on evaluation_sheets as restrictive to xuncha_app, xuncha_jobs using (
    tenant_id = current_setting('app.tenant')::int and current_setting('app.unit') = ''
    and (current_setting('app.role') = any ('{OFF,DIR,LG,CITY,PROV}')
        or nullif(current_setting('app.member'), '')::uuid = any (members)));

drop policy publishing on evaluation_results;
create policy publishing on evaluation_results as restrictive for insert to xuncha_app with check (
    current_setting('app.role') = any ('{OFF,DIR,CITY,PROV}'));

drop policy ordering on second_rectifications;
create policy ordering on second_rectifications as restrictive for insert to xuncha_app with check (
    current_setting('app.role') = any ('{OFF,DIR,CITY,PROV}'));

-- +goose Down
drop policy ordering on second_rectifications;
create policy ordering on second_rectifications as restrictive for insert to xuncha_app with check (
    current_setting('app.role') = any ('{OFF,DIR}'));

drop policy publishing on evaluation_results;
create policy publishing on evaluation_results as restrictive for insert to xuncha_app with check (
    current_setting('app.role') = any ('{OFF,DIR}'));

drop policy own_office on evaluation_sheets;
create policy own_office on evaluation_sheets as restrictive to xuncha_app, xuncha_jobs using (
    tenant_id = current_setting('app.tenant')::int and current_setting('app.unit') = ''
    and (current_setting('app.role') = any ('{OFF,DIR,LG}')
        or nullif(current_setting('app.member'), '')::uuid = any (members)));

drop policy begun_by_office on evaluations;
create policy begun_by_office on evaluations as restrictive for insert to xuncha_app with check (
    current_setting('app.role') = any ('{OFF,DIR}'));

drop policy publishing on score_cards;
create policy publishing on score_cards as restrictive for insert to xuncha_app with check (
    current_setting('app.role') = 'DIR');
