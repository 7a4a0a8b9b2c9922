package doubts

import (
	"fmt"
	"slices"
	"strings"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Kind is what a signal is about.
type Kind string

// The kinds.
const (
	SameFile       Kind = "same-file"
	NearPicture    Kind = "near-picture"
	BeforeFeedback Kind = "before-feedback"
	LateMinutes    Kind = "late-minutes"
	SameText       Kind = "same-text"
	Burst          Kind = "burst"
	DeadlineBurst  Kind = "deadline-burst"
	RulesOnly      Kind = "rules-only"
	NamedAgain     Kind = "named-again"
)

// Kinds lists the kinds in the order in which people read them.
func Kinds() []Kind {
	all := make([]Kind, len(rules))
	for i, r := range rules {
		all[i] = r.kind
	}
	return all
}

// Word returns what people call the kind.
func (k Kind) Word() string { return k.rule().word }

func (k Kind) rule() rule {
	i := slices.IndexFunc(rules, func(r rule) bool { return r.kind == k })
	if i < 0 {
		return rule{kind: k}
	}
	return rules[i]
}

// Facts are what a rule found. Those of others are for reviewers alone.
type Facts struct {
	File      string          `json:"file,omitempty" maxLength:"140"`
	OtherFile string          `json:"other_file,omitempty" maxLength:"140"`
	Number    string          `json:"number,omitempty" maxLength:"40" doc:"Of the other item"`
	Unit      string          `json:"unit,omitempty" maxLength:"200" doc:"Of the other item"`
	On        *inspection.Day `json:"on,omitempty"`
	Than      *inspection.Day `json:"than,omitempty" doc:"The day that it is compared with"`
	Days      int             `json:"days,omitempty" minimum:"0" maximum:"100000"`
	Count     int             `json:"count,omitempty" minimum:"0" maximum:"100000"`
	Score     int             `json:"score,omitempty" minimum:"0" maximum:"100" doc:"Hundredths for texts, bits of 64 for pictures"`
	Fen       int64           `json:"fen,omitempty" minimum:"0" maximum:"9007199254740991"`
	Source    string          `json:"source,omitempty" maxLength:"40"`
	Text      string          `json:"text,omitempty" maxLength:"300"`
}

// say fills a sentence with what was found.
func (f Facts) say(sentence string) string {
	day := func(d *inspection.Day) string {
		if d == nil {
			return ""
		}
		return d.String()
	}
	return strings.NewReplacer(
		"{file}", f.File, "{other_file}", f.OtherFile, "{number}", f.Number, "{unit}", f.Unit, "{on}", day(f.On), "{than}", day(f.Than),
		"{days}", fmt.Sprint(f.Days), "{count}", fmt.Sprint(f.Count), "{score}", fmt.Sprintf("%d.%02d", f.Score/100, f.Score%100),
		"{bits}", fmt.Sprint(f.Score), "{yuan}", fmt.Sprintf("%d.%02d", f.Fen/100, f.Fen%100), "{source}", f.Source, "{text}", f.Text,
	).Replace(sentence)
}

// rule is one line of the table of rules. What sql finds is rows of hit.
type rule struct {
	kind     Kind
	word     string
	reason   string // for reviewers
	question string // for the unit: names nobody else
	nightly  bool   // needs the whole office
	sql      string // empty for what Go compares, and people enter
}

// query is the rule's statement, about one case or about all.
func (r rule) query(one bool) string {
	of := func(string) string { return "true" }
	if one {
		of = func(table string) string { return table + ".finding_id = a.finding" }
	}
	return asked + fmt.Sprintf(r.sql, tenants.Own("e"), tenants.Own("s"), tenants.Own("r"), of("e"), of("r"))
}

// asked begins every rule: about one case, or about all that came since. Which of
// both stands in the text of the rule ([rule.query]): one plan for both would not
// use the index that finds the one.
const asked = `with asked as not materialized (
	select @finding::uuid as finding, @since::timestamptz as since, @policy::jsonb as policy)
`

// handedIn is evidence that is looked at; a is what is asked.
const handedIn = ` e.submission is not null and e.withdrawn_at is null
	and %[4]s and e.issued_at >= a.since `

var rules = []rule{
	{
		kind: SameFile, word: "同一文件",
		reason:   "{file} 与 {number}（{unit}）的佐证 {other_file} 是同一文件",
		question: "{file} 与其他事项的佐证是同一文件，请说明来源和用途。",
		sql: `
	select e.finding_id, e.id::text as cause, e.id as evidence_id, null::uuid as measure_id, o.finding_id as other_id,
		jsonb_build_object('file', e.name, 'other_file', o.name, 'number', f.number, 'unit', u.name) as facts
	from asked a
	join evidence e on %[1]s and` + handedIn + `
	cross join lateral (
		select o.finding_id, o.unit_id, o.name from evidence o
		where o.tenant_id = e.tenant_id and o.sha256 = e.sha256 and o.finding_id <> e.finding_id
		  and o.submission is not null and o.withdrawn_at is null and (o.at, o.id) < (e.at, e.id)
		order by o.at, o.id limit 1) o
	join findings f on f.tenant_id = e.tenant_id and f.id = o.finding_id
	join units u on u.tenant_id = e.tenant_id and u.id = o.unit_id`,
	},
	{
		kind: NearPicture, word: "近似图片",
		reason:   "{file} 与 {number}（{unit}）的图片 {other_file} 画面近似（64 位特征相差 {bits} 位）",
		question: "{file} 与其他事项的图片画面近似，请说明拍摄的时间和地点。",
		sql: `
	select e.finding_id, e.id::text as cause, e.id as evidence_id, null::uuid as measure_id, o.finding_id as other_id,
		jsonb_build_object('file', e.name, 'other_file', o.name, 'number', f.number, 'unit', u.name, 'score', o.bits) as facts
	from asked a
	join evidence e on %[1]s and` + handedIn + `and e.picture is not null
	cross join lateral (
		select o.finding_id, o.unit_id, o.name, bit_count((o.picture # e.picture)::bit(64)) as bits from evidence o
		where o.tenant_id = e.tenant_id and o.picture is not null and o.finding_id <> e.finding_id and o.sha256 <> e.sha256
		  and o.submission is not null and o.withdrawn_at is null and (o.at, o.id) < (e.at, e.id)
		  and bit_count((o.picture # e.picture)::bit(64)) <= (a.policy->>'picture_bits')::int
		order by 4, o.at, o.id limit 1) o
	join findings f on f.tenant_id = e.tenant_id and f.id = o.finding_id
	join units u on u.tenant_id = e.tenant_id and u.id = o.unit_id`,
	},
	{
		kind: BeforeFeedback, word: "早于反馈",
		reason:   "{file} 的拍摄或编辑日期 {on} 早于反馈日期 {than}",
		question: "{file} 的拍摄或编辑日期 {on} 早于反馈日期 {than}，请说明。",
		sql: `
	select e.finding_id, e.id::text as cause, e.id as evidence_id, null::uuid as measure_id, null::uuid as other_id,
		jsonb_build_object('file', e.name, 'on', d.on_day, 'than', f.feedback_on) as facts
	from asked a
	join evidence e on %[1]s and` + handedIn + `
	join findings f on f.tenant_id = e.tenant_id and f.id = e.finding_id
	cross join lateral (
		select (coalesce(e.taken_at, e.edited_at, e.made_at) at time zone 'Asia/Shanghai')::date as on_day) d
	where d.on_day < f.feedback_on`,
	},
	{
		kind: LateMinutes, word: "事后制作",
		reason:   "{file} 注明形成于 {than}，文件创建于 {on}，晚 {days} 天",
		question: "{file} 注明形成于 {than}，文件创建于 {on}，晚 {days} 天，请说明。",
		sql: `
	select e.finding_id, e.id::text as cause, e.id as evidence_id, null::uuid as measure_id, null::uuid as other_id,
		jsonb_build_object('file', e.name, 'on', d.on_day, 'than', e.formed_on, 'days', d.on_day - e.formed_on) as facts
	from asked a
	join evidence e on %[1]s and` + handedIn + `
	cross join lateral (select (e.made_at at time zone 'Asia/Shanghai')::date as on_day) d
	where d.on_day - e.formed_on > (a.policy->>'minutes_days')::int`,
	},
	{
		kind: SameText, word: "措施雷同",
		reason:   "第 {count} 项措施与 {number}（{unit}）的措施文字相似度 {score}",
		question: "第 {count} 项措施与其他单位的措施文字几乎相同，请说明本单位的具体做法。",
	},
	{
		kind: Burst, word: "集中销号", nightly: true,
		reason:   "同一单位 {on} 一小时内销号 {count} 项",
		question: "本单位 {on} 一小时内销号 {count} 项，请说明各项的整改情况。",
		sql: `
	select distinct on (s.unit_id, s.on_day) s.finding_id, s.unit_id || ' ' || s.on_day as cause, null::uuid as evidence_id,
		null::uuid as measure_id, null::uuid as other_id, jsonb_build_object('on', s.on_day, 'count', s.n) as facts
	from asked a
	cross join lateral (
		select s.finding_id, s.unit_id, s.decided_at, (s.decided_at at time zone 'Asia/Shanghai')::date as on_day,
			count(*) over (partition by s.unit_id order by s.decided_at range between current row and '1 hour' following) as n
		from submissions s
		where %[2]s and s.outcome = 'closed' and s.decided_at >= a.since - interval '1 hour') s
	where s.n >= (a.policy->>'burst_items')::int
	order by s.unit_id, s.on_day, s.n desc, s.decided_at, s.finding_id`,
	},
	{
		kind: DeadlineBurst, word: "期限日销号", nightly: true,
		reason:   "同一单位在期限当日 {on} 销号 {count} 项",
		question: "本单位在期限当日 {on} 销号 {count} 项，请说明各项的整改情况。",
		sql: `
	select min(r.finding_id::text)::uuid as finding_id, r.unit_id || ' ' || r.due_on as cause, null::uuid as evidence_id,
		null::uuid as measure_id, null::uuid as other_id, jsonb_build_object('on', r.due_on, 'count', count(*)) as facts
	from asked a
	join rectifications r on %[3]s and r.state = 'closed' and r.closed_on = r.due_on and r.withdrawn_at is null
		and (r.due_set_at at time zone 'Asia/Shanghai')::date is distinct from r.closed_on -- a long-term item ends on the day it is closed
	where r.closed_on >= (a.since at time zone 'Asia/Shanghai')::date
	group by r.unit_id, r.due_on, a.policy
	having count(*) >= (a.policy->>'deadline_items')::int`,
	},
	{
		kind: RulesOnly, word: "只建制度",
		reason:   "涉及金额 {yuan} 元，已销号：新建或修订制度 {count} 项，追回 0 元，问责 0 人",
		question: "涉及金额 {yuan} 元，只新建或修订了制度，没有登记追回金额，请说明资金的处理情况。",
		sql: `
	select r.finding_id, r.finding_id || ' ' || r.submission as cause, null::uuid as evidence_id, null::uuid as measure_id,
		null::uuid as other_id, jsonb_build_object('fen', f.amount_fen, 'count', r.rules_made + r.rules_amended) as facts
	from asked a
	join rectifications r on %[3]s and %[5]s and r.withdrawn_at is null
	join findings f on f.tenant_id = r.tenant_id and f.id = r.finding_id
	where r.state = 'closed' and f.amount_fen > 0 and r.recovered_fen = 0 and r.people_dealt = 0
	  and r.rules_made + r.rules_amended > 0 and r.closed_on >= (a.since at time zone 'Asia/Shanghai')::date`,
	},
	{
		kind: NamedAgain, word: "再次被反映", nightly: true,
		reason:   "再次被反映（{source}{number}，{on}）：{text}",
		question: "再次被反映（{source}，{on}）：{text}。请说明现状。",
		sql: `
	select r.finding_id, r.finding_id || ' ' || f2.id as cause, null::uuid as evidence_id, null::uuid as measure_id,
		f2.id as other_id, jsonb_build_object('source', '后一轮巡察', 'number', f2.number, 'on', f2.feedback_on,
			'text', left(f2.text, 200)) as facts
	from asked a
	join rectifications r on %[3]s and r.state = 'closed' and r.withdrawn_at is null
	join findings f on f.tenant_id = r.tenant_id and f.id = r.finding_id
	join findings f2 on f2.tenant_id = f.tenant_id and f2.unit_id = f.unit_id and f2.taxonomy = f.taxonomy
		and f2.round_id <> f.round_id and f2.feedback_on > r.closed_on and f2.issued_at >= a.since`,
	},
}
