package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/evaluations"
	"xuncha/inspection/rectification/reports"
	"xuncha/tenants"
)

// evaluationTeller tells one evaluation of one unit.
type evaluationTeller struct {
	ctx    context.Context
	people map[string]tenants.Scope
	at     func(time.Time) *tenants.DB

	director string // login
	head     string // login, of the unit's head
	unit     string
	group    []tenants.Scope // the first is of the office
	leader   tenants.Scope
}

// scoring is what the group comes to: how much of each aspect it deducts, in tenths
// of a point, and what the survey said.
type scoring struct {
	lead, duty, tasks evaluations.Points
	survey            evaluations.Survey
}

// EvaluationsThread tells the three evaluations of the story (UX §5.10): 91.7 and 好
// in one county, 70.8 and 一般 with a second rectification in another, and of
// 柳湾镇 92.5 and 好 until two people on site found a closing to be false: then 71.5,
// and by the veto 差 (UX §5.7). It comes after the thread of the doubts.
func EvaluationsThread(ctx context.Context, people map[string]tenants.Scope, at func(time.Time) *tenants.DB) error {
	for _, tell := range []func(evaluationTeller) error{civilAffairs, agriculture, liuwan} {
		if err := tell(evaluationTeller{ctx: ctx, people: people, at: at}); err != nil {
			return fmt.Errorf("evaluation: %w", err)
		}
	}
	return nil
}

func civilAffairs(t evaluationTeller) error {
	t.director, t.head, t.unit = "weidong", "sunyulan", "县民政局党组"
	t.group = []tenants.Scope{t.people["liangchen"], t.people["duyun"]}
	if err := t.extras(map[tenants.Role]string{tenants.ORG: "秦朗", tenants.LG: "方正平"}); err != nil {
		return err
	}
	e, err := t.self("2026-10-12", "2026-10-14", 150, 145, 570, 95)
	if err != nil {
		return err
	}
	e, err = t.score(e.ID, "2026-10-20", scoring{
		lead: 10, duty: 15, tasks: 50,
		survey: evaluations.Survey{Given: 50, Returned: 44, Content: 31, Fair: 8, Discontent: 1, Unknown: 4, On: day("2026-10-19")},
	})
	if err != nil {
		return err
	}
	return t.announce(e.ID, "2026-10-22", "2026-10-26", nil)
}

func agriculture(t evaluationTeller) error {
	t.director, t.head, t.unit = "geyajun", "fengli", "县农业农村局党组"
	t.leader = t.people["luojingzhi"]
	if err := t.extras(map[tenants.Role]string{tenants.OFF: "林一帆", tenants.DISC: "陶然", tenants.ORG: "苗青"}); err != nil {
		return err
	}
	e, err := t.self("2026-11-09", "2026-11-11", 140, 130, 520, 90)
	if err != nil {
		return err
	}
	e, err = t.score(e.ID, "2026-11-18", scoring{
		lead: 30, duty: 50, tasks: 190,
		survey: evaluations.Survey{Given: 50, Returned: 46, Content: 16, Fair: 20, Discontent: 4, Unknown: 6, On: day("2026-11-17")},
	})
	if err != nil {
		return err
	}
	return t.announce(e.ID, "2026-11-18", "2026-11-19", &evaluations.Ordering{
		Text: "对照扣分事项逐项整改，逾期问题限期完成，完成后报告结果并附佐证。", DueOn: day("2026-12-18"),
	})
}

func liuwan(t evaluationTeller) error {
	t.director, t.head, t.unit = "jitong", "fanzhiqiang", "柳湾镇党委"
	err := t.extras(map[tenants.Role]string{tenants.OFF: "齐越", tenants.DISC: "卜静", tenants.ORG: "华晨", tenants.LG: "祝明远"})
	if err != nil {
		return err
	}
	e, err := t.self("2026-09-29", "2026-09-30", 150, 145, 580, 95)
	if err != nil {
		return err
	}
	e, err = t.score(e.ID, "2026-10-12", scoring{
		lead: 5, duty: 10, tasks: 50,
		survey: evaluations.Survey{Given: 45, Returned: 42, Content: 28, Fair: 11, Discontent: 1, Unknown: 2, On: day("2026-10-10")},
	})
	if err != nil {
		return err
	}
	if err := t.announce(e.ID, "2026-10-13", "2026-10-16", nil); err != nil {
		return err
	}
	if e, err = t.room("2026-11-09 09:30").Get(t.ctx, t.people[t.director], e.ID); err != nil {
		return err
	}
	e, err = t.room("2026-11-09 10:00").Rescore(t.ctx, t.people[t.director], e.ID, e.Version,
		evaluations.Rescoring{Reason: doubted + " 销号后经两人现场核查为未改，11月6日撤销销号，重新整改。"})
	if err != nil {
		return err
	}
	e, err = t.score(e.ID, "2026-11-12", scoring{
		lead: 30, duty: 60, tasks: 160,
		survey: evaluations.Survey{Given: 45, Returned: 43, Content: 8, Fair: 21, Discontent: 11, Unknown: 3, On: day("2026-11-11")},
	})
	if err != nil {
		return err
	}
	return t.announce(e.ID, "2026-11-13", "2026-11-17", &evaluations.Ordering{
		Text: "对虚假整改问题重新整改，举一反三排查其他已销号问题，完成后报告结果并附佐证。", DueOn: day("2026-12-18"),
	})
}

func (t evaluationTeller) room(at string) *evaluations.Service {
	when := moment(at)
	clock := func() time.Time { return when }
	return &evaluations.Service{DB: t.at(when), Clock: clock, Reports: &reports.Service{
		DB: t.at(when), Clock: clock, Calendar: Calendar(), Cases: &rectification.Service{DB: t.at(when), Clock: clock, Calendar: Calendar()},
	}}
}

// extras brings in people of the office who cannot sign on: the cast has one or two
// in each office.
func (t *evaluationTeller) extras(names map[tenants.Role]string) error {
	director := t.people[t.director]
	office := director.Office()
	return t.at(moment("2026-09-01 09:00")).In(t.ctx, director, func(tx *tenants.Tx) error {
		for _, role := range []tenants.Role{tenants.OFF, tenants.DISC, tenants.ORG, tenants.LG} {
			name, there := names[role]
			if !there {
				continue
			}
			a := evaluator(office, role, name)
			tx.Later(`insert into members (id, name, post, state, asked_at) values (@id, @name, @post, 'active', @at)`,
				pgx.StrictNamedArgs{"id": a.Member, "name": name, "post": role.Party() + "干部", "at": Clock.AddDate(0, -9, 0)})
			tx.Later(`insert into grants (id, member_id, role, from_on, reason) values (@id, @member, @role, '2026-01-01', '演示')`,
				pgx.StrictNamedArgs{"id": a.Grant, "member": a.Member, "role": role})
			if role == tenants.LG {
				t.leader = tenants.ForGrant(a)
			} else {
				t.group = append(t.group, tenants.ForGrant(a))
			}
		}
		return nil
	})
}

// evaluator is one of them.
func evaluator(office tenants.Tenant, role tenants.Role, name string) tenants.Acting {
	return tenants.Acting{
		Office: office, Member: inspection.MemberID{UUID: id("evaluator", office.Slug, string(role))},
		Grant: inspection.GrantID{UUID: id("evaluator grant", office.Slug, string(role))}, Name: name, Role: role, Strong: Clock,
	}
}

// self begins the evaluation and has the unit say what it thinks of itself.
func (t evaluationTeller) self(begun, signed string, points ...evaluations.Points) (e evaluations.Evaluation, err error) {
	director, head := t.people[t.director], t.people[t.head]
	office := director.Office().Slug
	b, err := t.room(begun+" 09:20").Begin(t.ctx, director, evaluations.Beginning{
		Round: inspection.RoundID{UUID: id("round", office)}, Card: "hundred",
		Units: []inspection.UnitID{{UUID: id("unit", office, t.unit)}},
	})
	if err != nil {
		return e, err
	}
	f := evaluations.Filling{Note: "对照评分表逐项自查，问题整改总体到位。"}
	for i, aspect := range []string{"lead", "duty", "tasks", "content"} {
		f.Marks = append(f.Marks, evaluations.SelfMark{Aspect: aspect, Points: points[i]})
	}
	made := b.Made[0]
	if e, err = t.room(signed+" 10:00").Fill(t.ctx, head, made.ID, made.Version, f); err != nil {
		return e, err
	}
	if e, err = t.room(signed+" 15:00").Sign(t.ctx, head, e.ID, e.Version); err != nil {
		return e, err
	}
	var c evaluations.Convening
	for _, p := range t.group {
		c.People = append(c.People, evaluations.Chosen{ID: p.Member(), Party: p.Role()})
	}
	return t.room(signed+" 17:00").Convene(t.ctx, director, e.ID, e.Version, c)
}

// score has the group score and hand in.
func (t evaluationTeller) score(id evaluations.ID, on string, g scoring) (e evaluations.Evaluation, err error) {
	room, officer := t.room(on+" 14:30"), t.group[0]
	if e, err = room.Get(t.ctx, officer, id); err != nil {
		return e, err
	}
	rows, err := room.Rows(t.ctx, officer, id)
	if err != nil {
		return e, err
	}
	first := rows[slices.IndexFunc(rows, func(l evaluations.Link) bool { return l.Kind == "item" })]
	ds := []evaluations.Deducting{}
	for _, a := range e.Card.Aspects {
		target := map[string]evaluations.Points{"lead": g.lead, "duty": g.duty, "tasks": g.tasks}[a.Key]
		ds = append(ds, deduct(a, e.Sheet.Proposals, target, first)...)
	}
	if e, err = room.Enter(t.ctx, officer, id, e.Version, evaluations.Entering{Entries: &ds, Survey: &g.survey}); err != nil {
		return e, err
	}
	return t.room(on+" 17:10").Finish(t.ctx, officer, id, e.Version)
}

// deduct takes exactly target off an aspect: what the rows speak for first, with a
// reason where it is not all taken, then what only people can see.
func deduct(a evaluations.Aspect, ps []evaluations.Proposal, target evaluations.Points, row evaluations.Link) []evaluations.Deducting {
	ds := []evaluations.Deducting{}
	for _, it := range a.Items {
		for _, p := range ps {
			if p.Item != it.ID {
				continue
			}
			d := evaluations.Deducting{Item: it.ID, Points: min(p.Points, target)}
			if d.Points < p.Points {
				d.Reason = "经核实，部分情形已作说明并补正，酌情扣分。"
			}
			target -= d.Points
			ds = append(ds, d)
		}
	}
	for _, it := range a.Items { // the rest: what only people can see
		if it.Fact == "" && target > 0 {
			more := min(target, it.Cap)
			ds = append(ds, evaluations.Deducting{
				Item: it.ID, Points: more, Reason: "实地查看和查阅资料发现落实不到位。", Links: []evaluations.LinkKey{{Kind: row.Kind, ID: row.ID}},
			})
			target -= more
		}
	}
	for i := range ds { // and where there is none of that, more than the rows speak for
		for _, it := range a.Items {
			if more := min(target, it.Cap-ds[i].Points); it.ID == ds[i].Item && more > 0 {
				ds[i].Points, ds[i].Reason = ds[i].Points+more, "情节较重，影响整改成效，从严扣分。"
				target -= more
			}
		}
	}
	for _, it := range a.Items { // and where the rows speak for nothing, what the joint review sent back (UX §5.8)
		if it.Fact == evaluations.HandedBack && target > 0 {
			ds = append(ds, evaluations.Deducting{
				Item: it.ID, Points: target, Reason: "联合审核退回补正，材料不齐。", Links: []evaluations.LinkKey{{Kind: row.Kind, ID: row.ID}},
			})
		}
	}
	return ds
}

// announce has the score approved, decided and made known.
func (t evaluationTeller) announce(id evaluations.ID, approved, announced string, o *evaluations.Ordering) error {
	director := t.people[t.director]
	e, err := t.room(approved+" 18:00").Get(t.ctx, director, id)
	if err != nil {
		return err
	}
	if e, err = t.room(approved+" 18:05").Approve(t.ctx, director, id, e.Version, evaluations.Saying{Note: "同意评估组意见。"}); err != nil {
		return err
	}
	if e, err = t.room(announced+" 10:00").Decide(t.ctx, t.leader, id, e.Version, evaluations.Saying{Note: "同意。"}); err != nil {
		return err
	}
	if o != nil {
		o.Items = second(e)
	}
	_, err = t.room(announced+" 16:30").Announce(t.ctx, director, id, e.Version, evaluations.Announcing{Second: o})
	return err
}

// second are the problems of a second rectification: what was vetoed, overdue, or
// reopened.
func second(e evaluations.Evaluation) (items []inspection.FindingID) {
	var links []evaluations.Link
	for _, v := range e.Sheet.Score.Vetoes {
		links = append(links, v.Rows...)
	}
	for _, p := range e.Sheet.Proposals {
		if slices.Contains([]string{"3.1", "3.3", "3.6"}, p.Item) {
			links = append(links, p.Links...)
		}
	}
	for _, l := range links {
		if item := (inspection.FindingID{UUID: l.ID}); !slices.Contains(items, item) {
			items = append(items, item)
		}
	}
	return items
}
