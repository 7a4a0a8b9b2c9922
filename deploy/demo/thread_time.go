package demo

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/extensions"
	"xuncha/inspection/rectification/files"
	"xuncha/inspection/rectification/files/sample"
	"xuncha/inspection/rectification/longterm"
	"xuncha/tenants"
)

// Time tells what becomes of time: a long-term item that came back, went on and comes
// back again, a list of requests for later days that is decided item by item, and a
// second request for one item, which goes up to the city. No state and no day of the
// printed sums changes (UX §5.3).
type Time struct {
	Files *files.Store
}

type timeTeller struct {
	Time
	ctx    context.Context
	people map[string]tenants.Scope
	at     func(time.Time) *tenants.DB
}

// Thread tells it.
func (d Time) Thread(ctx context.Context, people map[string]tenants.Scope, at func(time.Time) *tenants.DB) error {
	t := timeTeller{d, ctx, people, at}
	if err := t.comesBack(); err != nil {
		return fmt.Errorf("long-term item: %w", err)
	}
	if err := t.above(); err != nil {
		return fmt.Errorf("request that goes up: %w", err)
	}
	if err := t.list(); err != nil {
		return fmt.Errorf("list of requests: %w", err)
	}
	return nil
}

func (t timeTeller) cases(at time.Time) *rectification.Service {
	return &rectification.Service{DB: t.at(at), Clock: func() time.Time { return at }, Calendar: Calendar(), Files: t.Files}
}

func (t timeTeller) requests(at time.Time) *extensions.Service {
	return &extensions.Service{DB: t.at(at), Clock: func() time.Time { return at }, Cases: t.cases(at)}
}

// found lists items of the unit of who, in this state, those that are due last first.
func (t timeTeller) found(who tenants.Scope, state rectification.State, n int) (ids []inspection.FindingID, err error) {
	err = t.at(Clock).In(t.ctx, who, func(tx *tenants.Tx) error {
		rows, _ := tx.Query(t.ctx, `
			select r.finding_id from rectifications r
			where `+tenants.Own("r")+` and r.unit_id = @unit and r.state = @state and r.flags = '{}'
			order by r.due_on desc, r.number limit @n`, pgx.StrictNamedArgs{"unit": who.Unit(), "state": state, "n": n})
		ids, err = pgx.CollectRows(rows, pgx.RowTo[inspection.FindingID])
		return err
	})
	if err == nil && len(ids) < n {
		err = fmt.Errorf("the unit has %d items that are %s, want %d", len(ids), state, n)
	}
	return ids, err
}

// file hands in one document for an item.
func (t timeTeller) file(who tenants.Scope, item inspection.FindingID, at time.Time, name, text string) (inspection.EvidenceID, error) {
	content, s := sample.DOCX(at, at, name, text), t.cases(at)
	p, err := s.BeginUpload(t.ctx, who, item, rectification.Uploading{Name: name + ".docx", Size: int64(len(content)), NotSecret: true})
	if err != nil {
		return inspection.EvidenceID{}, err
	}
	if _, err := s.Receive(t.ctx, who, p.ID, 0, bytes.NewReader(content)); err != nil {
		return inspection.EvidenceID{}, err
	}
	e, err := s.Complete(t.ctx, who, p.ID)
	return e.ID, err
}

// comesBack has a long-term item of 石桥岭县民政局 reviewed on 10-30: it goes on until
// 11-18, and so it waits for 梁晨 at the demo's clock.
func (t timeTeller) comesBack() error {
	head, office := t.people["sunyulan"], t.people["liangchen"]
	ids, err := t.found(head, rectification.LongTerm, 1)
	if err != nil {
		return err
	}
	evidence, err := t.file(head, ids[0], moment("2026-10-28 15:20"), "长期整改阶段报告", "已完成阶段性任务，编制和经费事项正在报批。")
	if err != nil {
		return err
	}
	s := func(at time.Time) *longterm.Service {
		return &longterm.Service{DB: t.at(at), Clock: func() time.Time { return at }, Cases: t.cases(at)}
	}
	at := moment("2026-10-30 10:10")
	r, err := s(at).Propose(t.ctx, office, ids[0], longterm.Proposing{
		Outcome: longterm.Continue, UntilOn: dayOf("2026-11-18"), Reason: "阶段性任务已完成，编制和经费事项正在报批，批复后再行复核。",
		Evidence: []inspection.EvidenceID{evidence},
	})
	if err != nil {
		return err
	}
	at = moment("2026-10-30 16:30")
	_, err = s(at).Agree(t.ctx, reviewerOf(office.Office(), tenants.DISC, "县纪委监委审核人"), r.ID, r.Version, "情况属实")
	return err
}

// list asks for later days for three items of 松渡县农业农村局: 冯立 signs the list once,
// 葛亚军 grants one, refuses another, and has the third to decide.
func (t timeTeller) list() error {
	head, director := t.people["fengli"], t.people["geyajun"]
	ids, err := t.found(head, rectification.Working, 3)
	if err != nil {
		return err
	}
	room := t.requests
	asking := extensions.ListAsking{Reason: "项目验收须待冬灌结束后现场核查，申请顺延。"}
	for i, id := range ids {
		if _, err := t.file(head, id, moment("2026-11-17 10:00").Add(time.Duration(i)*time.Minute), "延期情况说明", "说明不能按期完成的原因和下一步安排。"); err != nil {
			return err
		}
		p, err := room(moment("2026-11-17 10:10")).Of(t.ctx, head, id)
		if err != nil {
			return err
		}
		asking.Items = append(asking.Items, extensions.ItemLine{Item: id, UntilOn: *p.LatestOn - 60})
	}
	l, err := room(moment("2026-11-17 10:30")).AskList(t.ctx, head, asking)
	if err != nil {
		return err
	}
	at := moment("2026-11-17 15:00")
	signs := extensions.Signing{Promise: l.Promise, Digest: l.Digest}
	if l, err = room(at).SignList(t.ctx, head, l.ID, l.Version, signs); err != nil {
		return err
	}
	at = moment("2026-11-18 09:30")
	r := l.Requests
	if _, err := room(at).Approve(t.ctx, director, r[0].ID, r[0].Version, extensions.Deciding{Note: "原因属实，同意顺延。"}); err != nil {
		return err
	}
	_, err = room(at).Refuse(t.ctx, director, r[1].ID, r[1].Version, "资料核对可先行完成，不需要等待验收，请按原期限推进。")
	return err
}
