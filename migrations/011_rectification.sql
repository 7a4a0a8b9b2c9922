-- +goose Up
-- Handing in, joint review and evidence; who inspected which unit; the code tree of findings.

-- Which team (组) inspected which unit in a round: part of the findings' numbers, QY-06-02-017.
create table round_units (
    tenant_id  int not null default current_tenant() references tenants on update cascade,
    round_id   uuid not null,
    unit_id    uuid not null,
    team       int not null check (team between 1 and 99),
    primary key (tenant_id, round_id, unit_id),
    foreign key (tenant_id, round_id) references rounds on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade
);
call sec.guard('round_units', unit => 'unit_id');

-- A unit that is itself a party to joint review (县纪委监委) does not review its own items.
alter table units add column acts_as text not null default ''
    check (acts_as in ('', 'DISC', 'ORG', 'DEPT', 'OFF'));

-- What is not issued yet is the matter of those who inspect: the unit, the parties and the leading group
-- learn of it by the feedback.
create policy drafts on findings as restrictive to xuncha_app using (
    issued_at is not null or current_setting('app.role') = any ('{OFF,DIR,LDR,VLD,MEM,CITY,PROV}'));
create policy drafts on rectifications as restrictive to xuncha_app using (
    issued_at is not null or current_setting('app.role') = any ('{OFF,DIR,LDR,VLD,MEM,CITY,PROV}'));
create policy drafts on measures as restrictive to xuncha_app using (
    issued_at is not null or current_setting('app.role') = any ('{OFF,DIR,LDR,VLD,MEM,CITY,PROV}'));

-- One handing-in (提交销号) and what became of it.
create table submissions (
    tenant_id     int not null default current_tenant() references tenants on update cascade,
    finding_id    uuid not null,
    n             int not null check (n > 0),
    unit_id       uuid not null,
    statement     text not null,
    gaps          jsonb not null default '[]',  -- measures without evidence, and why
    parties       text[] not null check (cardinality(parties) > 0), -- who reviews, as the policy said then
    given         text[] not null default '{}', -- whose opinion is in; never what it says
    agreed        boolean,                      -- null until all opinions are in
    due_on        date not null,                -- by when the parties answer
    due_calendar  text not null,
    due_provisional boolean not null,
    by_id         uuid,
    by_name       text not null,
    at            timestamptz not null,
    outcome       text check (outcome in ('returned', 'closed', 'long-term')),
    reasons       text[] not null default '{}',
    letter        text not null default '',     -- the consolidated return, or a note
    decided_id    uuid,
    decided_by    text not null default '',
    decided_at    timestamptz,
    primary key (tenant_id, finding_id, n),
    foreign key (tenant_id, finding_id) references rectifications on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade
);
call sec.guard('submissions', unit => 'unit_id');

-- What one party thinks of a handing-in. Until all are in, a party sees its own alone; the unit and
-- the levels above never see any. Nobody changes one: there is no update.
create table opinions (
    tenant_id   int not null default current_tenant() references tenants on update cascade,
    finding_id  uuid not null,
    submission  int not null,
    party       text not null,
    verdict     text not null constraint opinions_verdict check (verdict in ('agree', 'amend', 'refuse')),
    reasons     text[] not null default '{}',
    note        text not null default '',
    by_id       uuid not null,
    by_name     text not null,
    at          timestamptz not null,
    revealed    boolean not null default false,
    primary key (tenant_id, finding_id, submission, party),
    foreign key (tenant_id, finding_id, submission) references submissions on update cascade
);
call sec.guard('opinions');
revoke update on opinions from xuncha_app, xuncha_jobs;
drop policy changing on opinions;
create policy own_office on opinions as restrictive to xuncha_app, xuncha_jobs using (
    tenant_id = current_setting('app.tenant')::int and current_setting('app.unit') = '');
create policy blind on opinions as restrictive for select to xuncha_app using (
    revealed or party = current_setting('app.role'));
create policy own_party on opinions as restrictive for insert to xuncha_app with check (
    not revealed and party = current_setting('app.role'));

-- +goose StatementBegin
-- Opens the opinions on a handing-in to each other if those of all its parties are in. It runs past
-- row security because the last party does not see the others' yet.
create function sec.reveal_opinions(item uuid, nth int) returns boolean
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    office int := current_setting('app.tenant')::int;
begin
    if exists (
        select from submissions s, unnest(s.parties) p
        where s.tenant_id = office and s.finding_id = item and s.n = nth
          and not exists (select from opinions o
            where o.tenant_id = office and o.finding_id = item and o.submission = nth and o.party = p)) then
        return false;
    end if;
    update opinions o set revealed = true
    where o.tenant_id = office and o.finding_id = item and o.submission = nth;
    return found;
end
$$;
-- +goose StatementEnd
grant select on submissions to xuncha_sec;
grant select, update on opinions to xuncha_sec;
grant execute on function sec.reveal_opinions(uuid, int) to xuncha_app;
alter function sec.reveal_opinions(uuid, int) owner to xuncha_sec;

-- A file that proves something (佐证). The bytes lie in the file store under blob. A file is locked once
-- it was handed in: then it is replaced, and both stay. The levels above see what was handed in.
create table evidence (
    tenant_id    int not null default current_tenant() references tenants on update cascade,
    id           uuid not null,
    finding_id   uuid not null,
    unit_id      uuid not null,
    measure_id   uuid,
    name         text not null,
    type         text not null,               -- media type, by content
    size         bigint not null check (size > 0),
    sha256       bytea not null,
    note         text not null default '',
    formed_on    date,                         -- when the document was made, as the unit says
    encrypted    boolean not null default false,
    blob         text not null,
    submission   int,                          -- with which it was first handed in
    replaces     uuid,
    replaced     boolean not null default false,
    withdrawn_at timestamptz,
    issued_at    timestamptz,                  -- when it was handed in
    by_id        uuid,
    by_name      text not null,
    at           timestamptz not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, finding_id) references rectifications on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade,
    foreign key (tenant_id, measure_id) references measures on update cascade,
    foreign key (tenant_id, replaces) references evidence (tenant_id, id) on update cascade
);
create index evidence_finding on evidence (tenant_id, finding_id);
create index evidence_digest on evidence (tenant_id, sha256);
create index evidence_blob on evidence (tenant_id, blob);
call sec.guard('evidence', drafts => true, unit => 'unit_id');

-- An upload under way: only who began it sees it. Its parts lie in the file store; hash is the state of
-- SHA-256 after the bytes received.
create table uploads (
    tenant_id    int not null default current_tenant() references tenants on update cascade,
    id           uuid not null,
    finding_id   uuid not null,
    unit_id      uuid not null,
    measure_id   uuid,
    replaces     uuid,
    name         text not null,
    size         bigint not null check (size > 0),
    received     bigint not null default 0 check (received between 0 and size),
    parts        jsonb not null default '[]',  -- key and size of each
    hash         bytea,
    note         text not null default '',
    formed_on    date,
    state        text not null default 'open' check (state in ('open', 'done', 'refused', 'abandoned')),
    evidence_id  uuid,
    by_id        uuid not null,
    by_name      text not null,
    at           timestamptz not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, finding_id) references rectifications on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade,
    foreign key (tenant_id, measure_id) references measures on update cascade,
    foreign key (tenant_id, evidence_id) references evidence on update cascade
);
create index uploads_open on uploads (tenant_id, by_id) where state = 'open';
call sec.guard('uploads', unit => 'unit_id');
create policy own_upload on uploads as restrictive to xuncha_app using (
    tenant_id = current_setting('app.tenant')::int
    and (by_id = nullif(current_setting('app.member'), '')::uuid or current_setting('app.role') = 'SYS'));

insert into taxonomy (code, parent, label) values
    ('A', null, '党中央决策部署落实'),
    ('A01', 'A', '理论武装'),
    ('A0101', 'A01', '中心组学习不规范'),
    ('A0102', 'A01', '第一议题落实不到位'),
    ('A0103', 'A01', '学用脱节'),
    ('A0104', 'A01', '传达贯彻不及时'),
    ('A02', 'A', '重大部署落实'),
    ('A0201', 'A02', '乡村振兴'),
    ('A0202', 'A02', '生态环保'),
    ('A0203', 'A02', '安全生产'),
    ('A0204', 'A02', '债务金融风险'),
    ('A0205', 'A02', '营商环境'),
    ('A0206', 'A02', '粮食耕地'),
    ('A0207', 'A02', '重点项目推进慢'),
    ('A0208', 'A02', '改革任务不落实'),
    ('A03', 'A', '职能履行'),
    ('A0301', 'A03', '主责主业弱化'),
    ('A0302', 'A03', '行业监管缺位'),
    ('A0303', 'A03', '执法不规范'),
    ('A0304', 'A03', '公共服务差'),
    ('A04', 'A', '意识形态'),
    ('A0401', 'A04', '责任制不落实'),
    ('A0402', 'A04', '阵地管理薄弱'),
    ('A0403', 'A04', '民族宗教工作'),
    ('A05', 'A', '党的领导'),
    ('A0501', 'A05', '党组织领导弱化'),
    ('A0502', 'A05', '议事规则不健全'),
    ('A0503', 'A05', '请示报告不到位'),
    ('B', null, '从严治党与党风廉政'),
    ('B01', 'B', '两个责任'),
    ('B0101', 'B01', '主体责任缺位'),
    ('B0102', 'B01', '一岗双责虚化'),
    ('B0103', 'B01', '监督责任弱化'),
    ('B0104', 'B01', '警示教育走过场'),
    ('B0105', 'B01', '廉政风险防控不力'),
    ('B02', 'B', '八项规定与四风'),
    ('B0201', 'B02', '形式主义官僚主义'),
    ('B0202', 'B02', '违规接待'),
    ('B0203', 'B02', '公车管理'),
    ('B0204', 'B02', '违规发放津补贴'),
    ('B0205', 'B02', '办公用房超标'),
    ('B0206', 'B02', '文会过多'),
    ('B0207', 'B02', '收送礼金'),
    ('B03', 'B', '重点领域'),
    ('B0301', 'B03', '项目招投标'),
    ('B0302', 'B03', '政府采购'),
    ('B0303', 'B03', '工程变更结算'),
    ('B0304', 'B03', '国有资产'),
    ('B0305', 'B03', '专项资金'),
    ('B0306', 'B03', '财务报销'),
    ('B0307', 'B03', '截留挪用'),
    ('B0308', 'B03', '小金库'),
    ('B0309', 'B03', '审批寻租'),
    ('B0310', 'B03', '优亲厚友利益输送'),
    ('B0311', 'B03', '罚没收费'),
    ('B04', 'B', '担当作风'),
    ('B0401', 'B04', '不担当不作为'),
    ('B0402', 'B04', '推诿扯皮'),
    ('B0403', 'B04', '工作纪律松弛'),
    ('C', null, '班子、干部与基层组织'),
    ('C01', 'C', '领导班子'),
    ('C0101', 'C01', '民主集中制'),
    ('C0102', 'C01', '三重一大'),
    ('C0103', 'C01', '一把手监督'),
    ('C0104', 'C01', '班子不团结'),
    ('C0105', 'C01', '民主生活会质量低'),
    ('C02', 'C', '选人用人'),
    ('C0201', 'C02', '选任程序'),
    ('C0202', 'C02', '干部档案'),
    ('C0203', 'C02', '个人事项与兼职'),
    ('C0204', 'C02', '队伍老化借调'),
    ('C0205', 'C02', '编制岗位'),
    ('C03', 'C', '党组织建设'),
    ('C0301', 'C03', '三会一课'),
    ('C0302', 'C03', '组织生活评议'),
    ('C0303', 'C03', '发展党员'),
    ('C0304', 'C03', '党费'),
    ('C0305', 'C03', '党员管理'),
    ('C0306', 'C03', '换届设置'),
    ('C0307', 'C03', '软弱涣散'),
    ('C0308', 'C03', '两张皮'),
    ('C0309', 'C03', '党建责任'),
    ('D', null, '群众身边问题'),
    ('D01', 'D', '惠民政策'),
    ('D0101', 'D01', '政策落实走样'),
    ('D0102', 'D01', '低保特困审核'),
    ('D0103', 'D01', '补贴一卡通'),
    ('D0104', 'D01', '住房危改'),
    ('D0105', 'D01', '医保社保'),
    ('D0106', 'D01', '教育收费食堂'),
    ('D0107', 'D01', '医疗收费'),
    ('D02', 'D', '村级三资'),
    ('D0201', 'D02', '集体资金'),
    ('D0202', 'D02', '集体资产'),
    ('D0203', 'D02', '资源发包'),
    ('D0204', 'D02', '村级财务'),
    ('D0205', 'D02', '小微工程'),
    ('D03', 'D', '基层治理'),
    ('D0301', 'D03', '党务村务公开'),
    ('D0302', 'D03', '四议两公开'),
    ('D0303', 'D03', '信访矛盾'),
    ('D0304', 'D03', '吃拿卡要'),
    ('D0305', 'D03', '虚报冒领'),
    ('D0306', 'D03', '宗族黑恶'),
    ('E', null, '监督整改'),
    ('E01', 'E', '责任'),
    ('E0101', 'E01', '整改责任不落实'),
    ('E0102', 'E01', '未专题研究'),
    ('E0103', 'E01', '新官不理旧账'),
    ('E02', 'E', '质量'),
    ('E0201', 'E02', '虚假整改'),
    ('E0202', 'E02', '敷衍整改'),
    ('E0203', 'E02', '数字整改'),
    ('E0204', 'E02', '选择性整改'),
    ('E0205', 'E02', '逾期未改'),
    ('E0206', 'E02', '反弹回潮'),
    ('E0207', 'E02', '一刀切'),
    ('E03', 'E', '长效与运用'),
    ('E0301', 'E03', '建章立制不足'),
    ('E0302', 'E03', '举一反三不够'),
    ('E0303', 'E03', '线索处置迟缓'),
    ('E0304', 'E03', '公开不到位'),
    ('E0305', 'E03', '审计等问题未改');

-- +goose Down
delete from taxonomy;
drop table uploads, evidence;
drop function sec.reveal_opinions(uuid, int);
drop table opinions, submissions;
drop policy drafts on findings;
drop policy drafts on rectifications;
drop policy drafts on measures;
alter table units drop column acts_as;
drop table round_units;
