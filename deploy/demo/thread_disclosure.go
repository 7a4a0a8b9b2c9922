package demo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"xuncha/inspection"
	"xuncha/inspection/disclosure"
	"xuncha/tenants"
)

// Disclosures tells how 通报 come before the public: one that is published and
// once corrected (UX §5.8), one on which the public may still say something, one that waits for its office's review, and one whose
// draft still holds personal data.
type Disclosures struct {
	Jobs    *pgxpool.Pool // publishes
	Article func(disclosure.Document) ([]byte, error)
}

// disclosureTeller tells one 通报 after the other.
type disclosureTeller struct {
	Disclosures
	ctx    context.Context
	people map[string]tenants.Scope
	at     func(time.Time) *tenants.DB
}

// Thread is the thread of the story.
func (d Disclosures) Thread(ctx context.Context, people map[string]tenants.Scope, at func(time.Time) *tenants.DB) error {
	t := disclosureTeller{d, ctx, maps.Clone(people), at}
	if err := t.published(); err != nil {
		return fmt.Errorf("the published 通报: %w", err)
	}
	if err := t.open(); err != nil {
		return fmt.Errorf("the 通报 that takes opinions: %w", err)
	}
	if err := t.inReview(); err != nil {
		return fmt.Errorf("the 通报 in review: %w", err)
	}
	if err := t.draft(); err != nil {
		return fmt.Errorf("the draft: %w", err)
	}
	return nil
}

// room is the room with its clock at a moment, over one login.
func (t disclosureTeller) room(at string, db func(time.Time) *tenants.DB) *disclosure.Service {
	when := moment(at)
	clock := func() time.Time { return when }
	return &disclosure.Service{
		DB: db(when), Clock: clock, Calendar: Calendar(), Shift: disclosure.ShiftOf(clock), Article: t.Article,
	}
}

// hand does something to a text at a moment, as it stands then.
type hand struct {
	at, login string
	do        func(s *disclosure.Service, who tenants.Scope, d disclosure.Draft) (disclosure.Draft, error)
}

func (t disclosureTeller) walk(d disclosure.Draft, hands ...hand) (disclosure.Draft, error) {
	for _, one := range hands {
		s, who := t.room(one.at, t.at), t.people[one.login]
		d, err := s.Get(t.ctx, who, d.ID)
		if err == nil {
			_, err = one.do(s, who, d)
		}
		if err != nil {
			return d, fmt.Errorf("%s at %s: %w", one.login, one.at, err)
		}
	}
	return t.room(hands[len(hands)-1].at, t.at).Get(t.ctx, t.people[hands[0].login], d.ID)
}

func (t disclosureTeller) generate(at, login, unit string) (disclosure.Draft, error) {
	who := t.people[login]
	slug := who.Office().Slug
	return t.room(at, t.at).Generate(t.ctx, who, inspection.UnitID{UUID: id("unit", slug, unit)}, inspection.RoundID{UUID: id("round", slug)})
}

// write fills in what the ledger does not know.
func (t disclosureTeller) write(at, login string, c disclosure.Change) hand {
	return hand{at, login, func(s *disclosure.Service, who tenants.Scope, d disclosure.Draft) (disclosure.Draft, error) {
		for _, it := range d.Items {
			if it.Status != disclosure.LongTerm {
				continue
			}
			_, err := s.EditItem(t.ctx, who, d.ID, it.FindingID, it.Version, disclosure.ItemChange{
				Reason: new("涉及体制机制和项目建设，需分阶段推进，短期内难以全部完成。"),
				Goal:   new("2027年3月底前完成第一阶段任务，并向社会公布进展。"), Lead: new("单位办公室"),
			})
			if err != nil {
				return d, err
			}
		}
		return s.Edit(t.ctx, who, d.ID, d.Version, c)
	}}
}

// reword changes the result of one finding.
func (t disclosureTeller) reword(at, login string, seq int, result string) hand {
	return hand{at, login, func(s *disclosure.Service, who tenants.Scope, d disclosure.Draft) (disclosure.Draft, error) {
		it := d.Items[seq-1]
		_, err := s.EditItem(t.ctx, who, d.ID, it.FindingID, it.Version, disclosure.ItemChange{Result: &result})
		return d, err
	}}
}

func (t disclosureTeller) check(at, login string) hand {
	return hand{at, login, func(s *disclosure.Service, who tenants.Scope, d disclosure.Draft) (disclosure.Draft, error) {
		d, err := s.Check(t.ctx, who, d.ID, d.Version, disclosure.Decision{Digest: d.Shown})
		if e, ok := errors.AsType[*inspection.Error](err); ok {
			var open []string
			for _, f := range e.Fields {
				open = append(open, f.Pointer+" "+f.Code)
			}
			err = fmt.Errorf("%w: %s", err, strings.Join(open, ", "))
		}
		return d, err
	}}
}

func (t disclosureTeller) confirm(at, login string) hand {
	return hand{at, login, func(s *disclosure.Service, who tenants.Scope, d disclosure.Draft) (disclosure.Draft, error) {
		return s.Confirm(t.ctx, who, d.ID, d.Version, disclosure.Decision{Digest: d.Shown})
	}}
}

func (t disclosureTeller) approve(at, login string) hand {
	return hand{at, login, func(s *disclosure.Service, who tenants.Scope, d disclosure.Draft) (disclosure.Draft, error) {
		return s.Approve(t.ctx, who, d.ID, d.Version, disclosure.Decision{Digest: d.Shown})
	}}
}

func (t disclosureTeller) clear(at, login string) hand {
	return hand{at, login, func(s *disclosure.Service, who tenants.Scope, d disclosure.Draft) (disclosure.Draft, error) {
		return s.Clear(t.ctx, who, d.ID, d.Version, disclosure.Clearance{Decision: disclosure.Decision{Digest: d.Shown}})
	}}
}

func (t disclosureTeller) sendBack(at, login, reason string) hand {
	return hand{at, login, func(s *disclosure.Service, who tenants.Scope, d disclosure.Draft) (disclosure.Draft, error) {
		return s.Return(t.ctx, who, d.ID, d.Version, disclosure.Back{Reason: reason})
	}}
}

func (t disclosureTeller) schedule(at, login, publish string, until *inspection.Day) hand {
	return hand{at, login, func(s *disclosure.Service, who tenants.Scope, d disclosure.Draft) (disclosure.Draft, error) {
		return s.Schedule(t.ctx, who, d.ID, d.Version, disclosure.Plan{PublishAt: moment(publish), OpinionsUntil: until})
	}}
}

// publish lets a moment come.
func (t disclosureTeller) publish(at string) error {
	n, err := t.room(at, func(when time.Time) *tenants.DB {
		return tenants.NewDB(t.Jobs, func() time.Time { return when })
	}).PublishDue(t.ctx)
	if err == nil && n != 1 {
		err = fmt.Errorf("%d texts were due", n)
	}
	return err
}

// published is 石桥岭县民政局's 通报: approved on 11 September, public since the 21st,
// and corrected on 9 October after a reader's hint.
func (t disclosureTeller) published() error {
	const liang, sun, wei = "liangchen", "sunyulan", "weidong"
	// The first 通报 of the round went out on paper: SQL-XC-2026-05-01.
	err := t.at(moment("2026-09-01 09:00")).In(t.ctx, t.people[liang], func(tx *tenants.Tx) error {
		_, err := tenants.NextNumber(t.ctx, tx, "XC-2026-05")
		return err
	})
	if err != nil {
		return err
	}
	d, err := t.generate("2026-09-08 09:30", liang, "县民政局党组")
	if err != nil {
		return err
	}
	d, err = t.walk(d,
		t.write("2026-09-08 10:20", liang, disclosure.Change{
			HeadDuty: new("党组书记认真履行第一责任人责任，主持召开专题会议4次研究整改，领办重点问题3个，对整改任务逐项督办。"),
			Phone:    new("0991-5550168"), Hours: new("工作日 8:30—12:00，14:30—18:00"),
			Address: new("石桥岭县民政局办公室，邮政编码990122"), Email: new("mzj@shiqiaoling.example"),
			Dated: dayOf("2026-09-21"),
		}),
		t.check("2026-09-08 15:00", liang),
		t.confirm("2026-09-08 17:10", sun),
		t.sendBack("2026-09-09 09:20", liang, "第6条写明公示的频次"),
		t.reword("2026-09-09 10:00", liang, 6, "设立伙食费公示栏，每月公示收支，由民政所每季度检查一次。"),
		t.check("2026-09-09 10:30", liang),
		t.confirm("2026-09-10 08:50", sun),
		t.clear("2026-09-10 16:00", liang),
		t.approve("2026-09-11 10:00", wei),
		t.schedule("2026-09-11 11:00", liang, "2026-09-21 09:00", dayOf("2026-10-20")),
	)
	if err != nil {
		return err
	}
	if err := t.publish("2026-09-21 09:00"); err != nil {
		return err
	}
	_, err = t.walk(d,
		hand{"2026-10-09 09:10", liang, func(s *disclosure.Service, who tenants.Scope, d disclosure.Draft) (disclosure.Draft, error) {
			return s.Correct(t.ctx, who, d.ID, d.Version, disclosure.Correction{Note: "第6条补充公示时间"})
		}},
		t.reword("2026-10-09 09:30", liang, 6, "设立伙食费公示栏，已补公示7至9月账目，今后每月5日前更新，由民政所每季度检查一次。"),
		t.check("2026-10-09 09:40", liang),
		t.confirm("2026-10-09 10:30", sun),
		t.clear("2026-10-09 11:00", liang),
		t.approve("2026-10-09 11:30", wei),
		t.schedule("2026-10-09 11:40", liang, "2026-10-09 14:00", dayOf("2026-10-20")),
	)
	if err != nil {
		return err
	}
	return t.publish("2026-10-09 14:00")
}

// open is 北塬区柳湾镇's 通报: public since 13 November, and opinions are taken until 11
// December.
func (t disclosureTeller) open() error {
	const ji, fan, leader = "jitong", "fanzhiqiang", "区委巡察工作领导小组成员"
	t.people[leader] = reviewerOf(t.people[ji].Office(), tenants.LG, leader)
	d, err := t.generate("2026-11-09 09:30", ji, "柳湾镇党委")
	if err != nil {
		return err
	}
	_, err = t.walk(d,
		t.write("2026-11-09 10:20", ji, disclosure.Change{
			HeadDuty: new("党委书记认真履行第一责任人责任，主持召开专题会议5次研究整改，领办重点问题4个，到现场督办6次。"),
			Phone:    new("0991-5550271"), Hours: new("工作日 8:30—12:00，14:30—18:00"),
			Address: new("北塬区柳湾镇党政办公室，邮政编码990102"), Dated: dayOf("2026-11-13"),
		}),
		t.check("2026-11-10 09:00", ji),
		t.confirm("2026-11-10 10:10", fan),
		t.clear("2026-11-10 15:00", ji),
		t.approve("2026-11-11 10:00", leader),
		t.schedule("2026-11-11 11:00", ji, "2026-11-13 09:00", dayOf("2026-12-11")),
	)
	if err != nil {
		return err
	}
	return t.publish("2026-11-13 09:00")
}

// inReview is 青榆县水务局's 通报, drafted by the unit and confirmed by its head: the
// office is to review it.
func (t disclosureTeller) inReview() error {
	d, err := t.generate("2026-11-17 09:00", "yinxiaoyu", "县水务局党组")
	if err != nil {
		return err
	}
	_, err = t.walk(d,
		t.write("2026-11-18 10:00", "yinxiaoyu", disclosure.Change{
			HeadDuty: new("党组书记认真履行第一责任人责任，主持召开专题会议5次研究整改，带头领办重点问题4个。"),
			Phone:    new("0991-5550233"), Hours: new("工作日 8:30—12:00，14:30—18:00"), Dated: dayOf("2026-11-30"),
		}),
		t.check("2026-11-18 16:00", "yinxiaoyu"),
		t.confirm("2026-11-19 09:20", "caojianping"),
	)
	return err
}

// draft is a 通报 that 梁晨 works on; what was copied into it from the papers of
// the unit holds numbers that are nobody's to publish.
func (t disclosureTeller) draft() error {
	d, err := t.generate("2026-11-18 14:30", "liangchen", "县交通运输局党组")
	if err != nil {
		return err
	}
	_, err = t.walk(d,
		t.write("2026-11-18 15:10", "liangchen", disclosure.Change{
			HeadDuty: new("党组书记主持召开专题会议3次研究整改，领办重点问题2个，联系人手机13000000000。"),
		}),
		t.reword("2026-11-18 15:30", "liangchen", 2,
			"已将多收的工程保证金退还承包人（身份证号990121196001010010，账户6200000000000000000），并修订保证金管理办法。"),
	)
	return err
}
