package demo

import (
	"context"
	"fmt"
	"time"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/checks"
	"xuncha/inspection/rectification/followups"
	"xuncha/tenants"
)

// followUpTeller tells one follow-up of one office.
type followUpTeller struct {
	ctx           context.Context
	at            func(time.Time) *tenants.DB
	director      tenants.Scope
	first, second tenants.Scope // who look; the first leads
}

// FollowUpsThread tells three follow-ups (回头看). In one county everything was looked at
// and reported: of 14 problems 13 stand and one is not finished, and nothing new was
// found. In the district of 柳湾镇, whose grade was 差, people are with the town: of its
// 17 problems 2 are agreed on, one of them came back, one waits for the second person,
// and there is one new problem. In the county of the main cast one is a draft, which
// no unit sees. No case is reopened and none begins, so that the sums of the story
// stay (UX §5.3). It comes after the thread of the evaluations.
func FollowUpsThread(ctx context.Context, people map[string]tenants.Scope, at func(time.Time) *tenants.DB) error {
	jitong := people["jitong"]
	tell := []func() error{
		followUpTeller{ctx, at, people["weidong"], people["liangchen"], people["duyun"]}.reported,
		followUpTeller{
			ctx, at, jitong,
			tenants.ForGrant(evaluator(jitong.Office(), tenants.OFF, "齐越")), tenants.ForGrant(evaluator(jitong.Office(), tenants.DISC, "卜静")),
		}.ongoing,
		followUpTeller{ctx, at, people["guxiaolan"], people["renguodong"], people["hejing"]}.drafted,
	}
	for _, each := range tell {
		if err := each(); err != nil {
			return fmt.Errorf("follow-up: %w", err)
		}
	}
	return nil
}

func (t followUpTeller) reported() error {
	f, err := t.begun("十届县委第五轮巡察回头看", "2026-10-27 09:00", "2026-10-28", "2026-11-16", "县民政局党组")
	if err != nil {
		return err
	}
	unit := f.Units[0].Unit
	sh, err := t.room("2026-11-10 09:00").Sheet(t.ctx, t.first, f.ID, unit)
	if err != nil {
		return err
	}
	for _, row := range sh.Rows {
		verdict, fact := followups.Confirmed, "现场查看并查阅台账，措施已落实，与上报情况一致。"
		if row.Item.State != rectification.Closed && row.Item.State != rectification.LongTerm {
			verdict, fact = followups.Insufficient, "一项措施仍在办理，材料复核没有完成，尚在整改期内。"
		}
		if err := t.looked(f.ID, row, "2026-11-11", verdict, fact, true); err != nil {
			return err
		}
	}
	_, err = t.room("2026-11-16 16:00").Report(t.ctx, t.director, f.ID, f.Version, followups.Reporting{
		Summary: "整改总体到位，已销号和长期整改事项均经现场核实，未完成的一项在期限内推进。",
	})
	return err
}

func (t followUpTeller) ongoing() error {
	f, err := t.begun("四届区委第四轮巡察回头看", "2026-11-17 17:30", "2026-11-18", "2026-12-12", "柳湾镇党委")
	if err != nil {
		return err
	}
	sh, err := t.room("2026-11-19 09:00").Sheet(t.ctx, t.first, f.ID, f.Units[0].Unit)
	if err != nil {
		return err
	}
	closed := []followups.Row{}
	for _, row := range sh.Rows {
		if row.Item.State == rectification.Closed {
			closed = append(closed, row)
		}
	}
	if err := t.looked(f.ID, closed[0], "2026-11-19", followups.Confirmed, "抽查干部任用档案，征求意见等程序材料齐全，与整改报告一致。", true); err != nil {
		return err
	}
	if err := t.looked(f.ID, closed[1], "2026-11-19", followups.Rebounded, "整顿后的一个支部自九月起又未按期开会，年中测评再次列入整顿对象。", true); err != nil {
		return err
	}
	if err := t.looked(f.ID, closed[2], "2026-11-19", followups.False, "补录的考察材料落款早于考察对象确定时间，系事后补造，涉及两名发展对象。", false); err != nil {
		return err
	}
	_, err = t.room("2026-11-19 17:00").Find(t.ctx, t.first, f.ID, followups.Finding{
		Unit: f.Units[0].Unit, Focus: 2, Category: "群众身边腐败和作风", Text: "两个村的集体资产租金没有按合同收取，拖欠超过一年，未采取催收措施。", AmountFen: new(int64(4680000)),
	})
	return err
}

func (t followUpTeller) drafted() error {
	_, err := t.room("2026-11-19 15:00").Draft(t.ctx, t.director,
		t.drafting("十届县委第六轮巡察回头看", "2026-12-07", "2026-12-26", "河口镇党委", "县城投集团党委"))
	return err
}

func (t followUpTeller) room(at string) *followups.Service {
	when := moment(at)
	clock := func() time.Time { return when }
	db := t.at(when)
	cases := &rectification.Service{DB: db, Clock: clock, Calendar: Calendar()}
	return &followups.Service{DB: db, Clock: clock, Cases: cases, Checks: &checks.Service{DB: db, Clock: clock, Cases: cases}}
}

func (t followUpTeller) drafting(name, from, to string, units ...string) followups.Drafting {
	office := t.director.Office().Slug
	until := day(to)
	d := followups.Drafting{
		Round: inspection.RoundID{UUID: id("round", office)}, Name: name, StartsOn: day(from), EndsOn: &until,
		Staffing: followups.Staffing{Leader: t.first.Member(), People: []inspection.MemberID{t.first.Member(), t.second.Member()}},
	}
	for _, name := range units {
		d.Units = append(d.Units, inspection.UnitID{UUID: id("unit", office, name)})
	}
	return d
}

// begun opens a follow-up, tells its unit and has the people go there.
func (t followUpTeller) begun(name, drafted, from, to, unit string) (followups.FollowUp, error) {
	f, err := t.room(drafted).Draft(t.ctx, t.director, t.drafting(name, from, to, unit))
	if err != nil {
		return f, err
	}
	if f, err = t.room(drafted).Notify(t.ctx, t.director, f.ID, f.Version); err != nil {
		return f, err
	}
	return t.room(from+" 09:30").Begin(t.ctx, t.director, f.ID, f.Version)
}

// looked has the first person record, and the second agree if both have looked.
func (t followUpTeller) looked(id followups.ID, row followups.Row, on string, v followups.Verdict, fact string, both bool) error {
	l, err := t.room(on+" 11:00").Record(t.ctx, t.first, id, row.Item.ID, row.Looked.Version, followups.Recording{
		Verdict: v, Fact: fact, SeenOn: day(on),
	})
	if err != nil || !both {
		return err
	}
	_, err = t.room(on+" 16:00").Agree(t.ctx, t.second, id, row.Item.ID, l.Version)
	return err
}
