package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/linkage"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// matterTeller tells how matters go up and their answers come back.
type matterTeller struct {
	ctx    context.Context
	people map[string]tenants.Scope
	at     func(time.Time) *tenants.DB
}

// EscalationThread tells how a county raised a finding that two counties share,
// how its city passed it on to the province, and what the province answered. Two
// smaller matters came before it.
func EscalationThread(ctx context.Context, people map[string]tenants.Scope, at func(time.Time) *tenants.DB) error {
	m := matterTeller{ctx, people, at}
	for _, tell := range []func() error{m.settled, m.sentBack, m.river, m.toApprove, m.toTake} {
		if err := tell(); err != nil {
			return fmt.Errorf("a raised matter: %w", err)
		}
	}
	return nil
}

func (t matterTeller) as(login, when string) (*linkage.Service, tenants.Scope) {
	return linkageAt(t.at, moment(when)), t.people[login]
}

// step is one act of the story on a matter.
type step struct {
	login, when string
	do          func(s *linkage.Service, who tenants.Scope, m linkage.Matter) (linkage.Matter, error)
}

// raise raises a matter about the finding with this number, and tells its steps.
func (t matterTeller) raise(number, when string, r linkage.Raising, steps ...step) error {
	m, err := t.draft("guxiaolan", number, when, r)
	if err != nil {
		return err
	}
	s, who := t.as("guxiaolan", when)
	if m, err = s.Approve(t.ctx, who, m.ID, m.Version); err != nil {
		return err
	}
	for _, p := range steps {
		s, who := t.as(p.login, p.when)
		if m, err = p.do(s, who, m); err != nil {
			return fmt.Errorf("%s of %s on %s: %w", m.Number, p.login, p.when, err)
		}
	}
	return nil
}

// draft writes a matter about the finding with this number, and hands it to
// whoever approves it.
func (t matterTeller) draft(login, number, when string, r linkage.Raising) (m linkage.Matter, err error) {
	s, who := t.as(login, when)
	finding, err := t.finding(login, number, moment(when))
	if err != nil {
		return m, err
	}
	if m, err = s.Raise(t.ctx, who, finding, r); err != nil {
		return m, err
	}
	return s.SubmitMatter(t.ctx, who, m.ID, m.Version)
}

// finding is the finding with a number.
func (t matterTeller) finding(login, number string, when time.Time) (id inspection.FindingID, err error) {
	err = t.at(when).In(t.ctx, t.people[login], func(tx *tenants.Tx) error {
		return tx.QueryRow(t.ctx, `
			select f.id from findings f where `+tenants.Own("f")+` and f.number = @number`,
			pgx.StrictNamedArgs{"number": number}).Scan(&id)
	})
	return id, err
}

// take accepts a matter.
func (t matterTeller) take(s *linkage.Service, who tenants.Scope, m linkage.Matter) (linkage.Matter, error) {
	return s.Take(t.ctx, who, m.ID, m.Version, linkage.Taking{})
}

// note records a study; pass hands a matter to the level above.
func (t matterTeller) note(text string) func(*linkage.Service, tenants.Scope, linkage.Matter) (linkage.Matter, error) {
	return func(s *linkage.Service, who tenants.Scope, m linkage.Matter) (linkage.Matter, error) {
		return s.Note(t.ctx, who, m.ID, m.Version, text)
	}
}

func (t matterTeller) pass(text string) func(*linkage.Service, tenants.Scope, linkage.Matter) (linkage.Matter, error) {
	return func(s *linkage.Service, who tenants.Scope, m linkage.Matter) (linkage.Matter, error) {
		return s.RaiseFurther(t.ctx, who, m.ID, m.Version, text)
	}
}

func (t matterTeller) decide(d linkage.Deciding) func(*linkage.Service, tenants.Scope, linkage.Matter) (linkage.Matter, error) {
	return func(s *linkage.Service, who tenants.Scope, m linkage.Matter) (linkage.Matter, error) {
		return s.Decide(t.ctx, who, m.ID, m.Version, d)
	}
}

func (t matterTeller) answer(a linkage.Answering) func(*linkage.Service, tenants.Scope, linkage.Matter) (linkage.Matter, error) {
	return func(s *linkage.Service, who tenants.Scope, m linkage.Matter) (linkage.Matter, error) {
		return s.Answer(t.ctx, who, m.ID, m.Version, a)
	}
}

func (t matterTeller) confirm(c linkage.Confirming) func(*linkage.Service, tenants.Scope, linkage.Matter) (linkage.Matter, error) {
	return func(s *linkage.Service, who tenants.Scope, m linkage.Matter) (linkage.Matter, error) {
		return s.Confirm(t.ctx, who, m.ID, m.Version, c)
	}
}

// settled is a matter that the city answered and that is done.
func (t matterTeller) settled() error {
	return t.raise("QY-06-02-022", "2026-07-21 14:10", linkage.Raising{
		Title: "值班补助发放标准和经费渠道不明确", Tried: "县财政、人社两次会商，未能形成一致意见。",
		Why: "补助标准由市级文件规定，县级无权调整。", Asked: "请明确值班补助的发放标准和经费列支渠道。",
	},
		step{"helan", "2026-07-24 10:05", t.take},
		step{"helan", "2026-07-31 16:20", t.answer(linkage.Answering{
			Outcome: linkage.Policy, Text: "统一按市级既有文件执行，不得另设项目发放，经费由县级财政在公用经费中列支。", DueOn: dayOf("2026-08-31"),
		})},
		step{"guxiaolan", "2026-08-03 09:15", t.confirm(linkage.Confirming{})},
		step{"guxiaolan", "2026-08-14 15:40", func(s *linkage.Service, who tenants.Scope, m linkage.Matter) (linkage.Matter, error) {
			return s.Finish(t.ctx, who, m.ID, m.Version, "已按答复意见停发并调整列支渠道。")
		}})
}

// sentBack is a matter that the county could settle itself.
func (t matterTeller) sentBack() error {
	return t.raise("QY-06-02-028", "2026-08-10 09:50", linkage.Raising{
		Title: "小微工程公开询价流程不统一", Tried: "县住建部门拟定了小微工程询价办法，尚未印发。",
		Why: "涉及多个部门职责。", Asked: "请统一全市小微工程公开询价流程。",
	},
		step{"helan", "2026-08-12 11:30", func(s *linkage.Service, who tenants.Scope, m linkage.Matter) (linkage.Matter, error) {
			return s.ReturnMatter(t.ctx, who, m.ID, m.Version, linkage.SendingBack{
				Code: linkage.OwnLevel, Text: "小微工程询价办法属县级权限，请由本级印发后执行。",
			})
		}},
		step{"guxiaolan", "2026-08-13 10:00", func(s *linkage.Service, who tenants.Scope, m linkage.Matter) (linkage.Matter, error) {
			return s.WithdrawMatter(t.ctx, who, m.ID, m.Version, "由本级办理。")
		}})
}

// river is the matter of a river that runs through two counties of two cities.
func (t matterTeller) river() error {
	var own rectification.Measure // what the county does about the part that its city settled
	return t.raise("QY-06-02-017", "2026-08-20 09:30", linkage.Raising{
		Title: "青澜河采砂监管跨县职责交叉、审批口径不一",
		Tried: "青榆、松渡两县水务部门三次会商，联合巡查两次，审批口径未能统一。",
		Why:   "河段跨青榆、松渡两县，县级无权统一审批口径。",
		Asked: "统一河段采砂审批口径，明确牵头单位。",
	},
		step{"helan", "2026-08-27 10:15", t.take},
		step{"helan", "2026-09-04 16:00", t.note("甲部分：本市河段由市水利部门组织联合巡查，青榆县于10月30日前落实。")},
		step{"yinxiaoyu", "2026-09-07 09:30", func(s *linkage.Service, who tenants.Scope, m linkage.Matter) (_ linkage.Matter, err error) {
			own, err = s.Cases.AddMeasure(t.ctx, who, m.FindingID, rectification.MeasureEdit{
				Text: new("参加市水利部门组织的本市河段联合巡查，每月两次。"), Leader: new("分管副职甲"), Department: new("水政科"), DueOn: dayOf("2026-10-30"),
			})
			return m, err
		}},
		step{"helan", "2026-09-10 14:30", t.pass("乙部分：松渡县属望澜市，审批口径需省级统一。")},
		step{"zhouyiheng", "2026-09-18 09:40", t.take},
		step{"zhouyiheng", "2026-10-15 15:30", t.decide(linkage.Deciding{
			Decision: linkage.Department, Target: "省水利厅", DueOn: *dayOf("2026-11-06"), Text: "由省水利厅牵头研究，征求两市意见。",
		})},
		step{"yinxiaoyu", "2026-10-28 15:40", func(s *linkage.Service, who tenants.Scope, m linkage.Matter) (linkage.Matter, error) {
			_, err := s.Cases.EditMeasure(t.ctx, who, m.FindingID, own.ID, own.Version, rectification.MeasureEdit{
				Progress: new("本市河段已联合巡查4次，纳入日常机制。"), Done: new(true),
			})
			return m, err
		}},
		step{"zhouyiheng", "2026-11-06 16:10", t.answer(linkage.Answering{
			Outcome: linkage.Policy, Text: "统一由市级水利部门出具联合审批意见。", DueOn: dayOf("2026-12-31"),
		})},
		step{"guxiaolan", "2026-11-09 09:20", t.confirm(linkage.Confirming{
			ExtendTo: dayOf("2026-12-31"), Task: "按省级答复，凭市级水利部门联合审批意见办理采砂许可。",
		})})
}

// toApprove is a matter that 郑一川 wrote and that waits for a signature of his county.
func (t matterTeller) toApprove() error {
	_, err := t.draft("zhengyichuan", "QY-06-01-008", "2026-11-19 16:40", linkage.Raising{
		Title: "跨县界入河排污口整治责任不清", Tried: "与下游县两次现场核对，排污来源认定不一致。",
		Why: "排污口位于县界，来源认定和整治分工须由市级明确。", Asked: "请明确两处跨县界排污口的整治责任单位。",
	})
	return err
}

// toTake is a matter of another county that waits for 贺岚.
func (t matterTeller) toTake() error {
	const when = "2026-11-18 15:10"
	m, err := t.draft("jitong", "BY-04-03-022", when, linkage.Raising{
		Title: "高标准农田管护经费渠道不明确", Tried: "区财政、农业农村部门三次会商，先行垫付应急修复费用。",
		Why: "管护经费列支范围由市级文件规定，区级无权调整。", Asked: "请明确损毁渠系修复的经费列支渠道。",
	})
	if err != nil {
		return err
	}
	s, who := t.as("jitong", when)
	_, err = s.Approve(t.ctx, who, m.ID, m.Version)
	return err
}
