package demo

import (
	"context"
	"fmt"
	"time"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/papers"
	"xuncha/inspection/rectification/reports"
	"xuncha/tenants"
)

// reportTeller tells the reports of 石桥岭县.
type reportTeller struct {
	ctx    context.Context
	people map[string]tenants.Scope
	at     func(time.Time) *tenants.DB
	round  inspection.RoundID
}

// ReportsThread tells the reports of 石桥岭县, whose concentrated period of six months
// ends on 11-28: 县民政局 has its progress report on file, that of 县自然资源局 waits for
// the discipline commission, and the other three units have begun nothing. The head of
// 县民政局 has acts on record for the report that is still owed.
func ReportsThread(ctx context.Context, people map[string]tenants.Scope, at func(time.Time) *tenants.DB) error {
	t := reportTeller{ctx, people, at, inspection.RoundID{UUID: id("round", "shiqiaoling")}}
	if err := t.acts(); err != nil {
		return fmt.Errorf("acts: %w", err)
	}
	filed, err := t.filed("sunyulan", 9, "党组把整改作为政治任务，先后召开4次党组会、3次专题会研究整改，逐条明确责任和时限。",
		"对长期整改的2个问题每季度复核1次；未完成的1个问题12月底前完成。")
	if err != nil {
		return fmt.Errorf("first report: %w", err)
	}
	for i, by := range []string{"lvqing", "duyun", "liangchen"} {
		if filed, err = t.agree(filed, by, 12+i); err != nil {
			return fmt.Errorf("first report: %w", err)
		}
	}
	note := reports.Deciding{Deciding: papers.Deciding{Letter: "同意存档。长期整改事项请按期报送。"}}
	if _, err = t.room(16).Approve(ctx, people["weidong"], *filed.ID, filed.Version, note); err != nil {
		return fmt.Errorf("first report: %w", err)
	}
	waiting, err := t.filed("gaoyuan", 16, "党组召开3次专题会研究整改，建立每周调度机制，党组书记对未销号问题逐一过问。",
		"逾期的1个问题11月底前完成，其余问题年底前全部提交审核。")
	if err != nil {
		return fmt.Errorf("second report: %w", err)
	}
	for i, by := range []string{"lvqing", "liangchen"} {
		if waiting, err = t.agree(waiting, by, 18+i); err != nil {
			return fmt.Errorf("second report: %w", err)
		}
	}
	return nil
}

// acts enters what the head of 县民政局 did.
func (t reportTeller) acts() error {
	for _, a := range []struct {
		kind    reports.ActKind
		on      string
		subject string
	}{
		{reports.Arrange, "2026-06-03", "主持召开党组会，部署巡察反馈意见整改，明确14个问题的责任领导。"},
		{reports.Arrange, "2026-07-06", "主持召开整改推进会，对照台账逐条调度。"},
		{reports.Inquire, "2026-08-12", "过问临时救助资金追回进度。"},
		{reports.Coordinate, "2026-09-09", "协调县财政局解决社会救助信息核对经费。"},
		{reports.Supervise, "2026-10-15", "到两个乡镇督办低保动态管理问题整改。"},
		{reports.Instruct, "2026-11-02", "在整改月报上批示：未销号问题逐项倒排工期。"},
	} {
		on := day(a.on)
		when := on.Start().Add(17 * time.Hour)
		_, err := t.serviceAt(when).Enter(t.ctx, t.people["sunyulan"], reports.Entering{Round: t.round, Kind: a.kind, On: on, Subject: a.subject})
		if err != nil {
			return err
		}
	}
	return nil
}

// filed has the progress report of a head's unit written, signed twice and taken in,
// all on one day of November.
func (t reportTeller) filed(head string, on int, overall, next string) (reports.Report, error) {
	s, by := t.room(on), t.people[head]
	r, err := s.Begin(t.ctx, by, reports.Beginning{Round: t.round, Kind: reports.Progress})
	if err != nil {
		return r, err
	}
	remarks := []reports.Remark{}
	for _, it := range r.Content.Items {
		for _, gap := range r.Gaps {
			if gap.Number == it.Number {
				remarks = append(remarks, reports.Remark{Finding: it.Finding, Text: "正在按计划推进，尚在整改期限内。"})
			}
		}
	}
	r, err = s.Edit(t.ctx, by, *r.ID, r.Version, reports.Change{Overall: &overall, NextSteps: &next, Remarks: &remarks})
	if err != nil {
		return r, err
	}
	if r, err = s.Sign(t.ctx, by, *r.ID, r.Version, papers.Signing{Digest: r.Digest}); err != nil {
		return r, err
	}
	if r, err = s.Countersign(t.ctx, t.people["tangheng"], *r.ID, r.Version, papers.Signing{Digest: r.Digest}); err != nil {
		return r, err
	}
	return s.Receive(t.ctx, t.people["liangchen"], *r.ID, r.Version)
}

// agree gives one party's opinion on a day of November.
func (t reportTeller) agree(r reports.Report, by string, on int) (reports.Report, error) {
	return t.room(on).Give(t.ctx, t.people[by], *r.ID, papers.Giving{Digest: r.Digest, Verdict: rectification.Agree})
}

// room is the room at ten o'clock of a day of November.
func (t reportTeller) room(on int) *reports.Service {
	return t.serviceAt(moment(fmt.Sprintf("2026-11-%02d 10:00", on)))
}

func (t reportTeller) serviceAt(when time.Time) *reports.Service {
	db, clock := t.at(when), func() time.Time { return when }
	return &reports.Service{
		DB: db, Clock: clock, Calendar: Calendar(),
		Cases: &rectification.Service{DB: db, Clock: clock, Calendar: Calendar()},
	}
}
