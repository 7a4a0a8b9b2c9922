package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/linkage"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// commonTag is the issue that all six counties share.
const commonTag = "村级集体资金管理不规范"

// sent says what became of the notice in one county.
type sent struct {
	login     string // who acts for the county
	units     int    // to whom it went
	received  int
	reported  int
	found     int
	corrected int
	named     []string // units that must be among those who have not reported, in the order of [sent.missing]
}

// passages is the notice's way through the two cities. The counts are those of
// the story's table.
var passages = []struct {
	login, on string
	counties  []sent
}{
	{"helan", "2026-10-09 10:20", []sent{
		{login: "guxiaolan", units: 14, received: 14, reported: 14, found: 38, corrected: 30},
		{login: "weidong", units: 12, received: 12, reported: 12, found: 27, corrected: 22},
		{login: "jitong", units: 9, received: 9, reported: 9, found: 21, corrected: 20},
	}},
	{"shenruogu", "2026-10-12 15:05", []sent{
		{login: "geyajun", units: 13, received: 11, reported: 8, found: 16, corrected: 7, named: []string{"石梁乡党委", "县供销合作社党组"}},
		{login: "shiyue", units: 10, received: 10, reported: 9, found: 18, corrected: 13},
		{login: "yuelin", units: 11, received: 11, reported: 11, found: 25, corrected: 21},
	}},
}

// noticeTeller tells how a notice goes down and its reports come back.
type noticeTeller struct {
	ctx    context.Context
	people map[string]tenants.Scope
	at     func(time.Time) *tenants.DB
}

// NoticeThread tells how the province's notice about a common issue went through
// two cities and six counties to 69 units, and what came back by the demo's clock.
func NoticeThread(ctx context.Context, people map[string]tenants.Scope, at func(time.Time) *tenants.DB) error {
	n := noticeTeller{ctx, people, at}
	if err := n.earlier("zhouyiheng", "澜巡办通〔2026〕", 6); err != nil {
		return err
	}
	top, err := n.issue("zhouyiheng", "2026-09-28 09:30", linkage.Composing{
		Tag:   commonTag,
		Title: "关于村级集体资金使用管理共性问题的通报",
		Body: "近期巡察发现，多地存在村级集体资金管理不规范的共性问题，主要表现为：大额支出未经民主程序，报账不及时，现金结算较多，" +
			"集体收益账实不符，公开内容不完整。请对照问题逐村自查，能够立即整改的立行立改，并于规定时间报送自查报告。",
		Questions:  []linkage.Line{"是否逐村核对近三年资金流水", "大额支出是否履行民主议事程序", "收支情况是否按月公开"},
		Offices:    []linkage.Slug{"jingyuan", "wanglan"},
		ReceiptDue: dayOf("2026-10-16"), SelfCheckDue: dayOf("2026-11-06"), ReportDue: dayOf("2026-11-13"),
	})
	if err != nil {
		return fmt.Errorf("the province's notice: %w", err)
	}
	for _, p := range passages {
		if err := n.city(top, p.login, p.on, p.counties); err != nil {
			return fmt.Errorf("%s's part of the notice: %w", p.login, err)
		}
	}
	if err := n.toIssue(); err != nil {
		return fmt.Errorf("a county's own notice: %w", err)
	}
	return nil
}

// toIssue is a county's own notice, which 郑一川 wrote to the units that have the
// issue and which waits for a signature.
func (n noticeTeller) toIssue() error {
	when := moment("2026-11-19 11:20")
	s, who := linkageAt(n.at, when), n.people["zhengyichuan"]
	c := linkage.Composing{
		Tag:       commonTag,
		Title:     "关于停用现金结算村级集体资金的提示",
		Body:      "自查中仍有单位坐收坐支、现金结算。请对照本轮反馈逐村停用现金结算，收入全部进入代理账户，并报送落实情况。",
		Questions: []linkage.Line{"是否已停用现金结算", "收入是否全部进入代理账户"},
	}
	err := n.at(when).In(n.ctx, who, func(tx *tenants.Tx) (err error) {
		rows, _ := tx.Query(n.ctx, `
			select distinct f.unit_id from findings f
			where `+tenants.Own("f")+` and @tag = any(f.tags)
			order by 1`, pgx.StrictNamedArgs{"tag": commonTag})
		c.Units, err = pgx.CollectRows(rows, pgx.RowTo[inspection.UnitID])
		return err
	})
	if err != nil {
		return err
	}
	draft, err := s.Compose(n.ctx, who, c)
	if err != nil {
		return err
	}
	_, err = s.Submit(n.ctx, who, draft.ID, draft.Version, nil)
	return err
}

// earlier takes the numbers of letters that went out on paper, before the service.
func (n noticeTeller) earlier(login, series string, count int) error {
	return n.at(moment("2026-09-01 09:00")).In(n.ctx, n.people[login], func(tx *tenants.Tx) error {
		for range count {
			if _, err := tenants.NextNumber(n.ctx, tx, series); err != nil {
				return err
			}
		}
		return nil
	})
}

// linkageAt is the room with its clock at t.
func linkageAt(at func(time.Time) *tenants.DB, t time.Time) *linkage.Service {
	clock := func() time.Time { return t }
	db := at(t)
	cases := &rectification.Service{DB: db, Clock: clock, Calendar: Calendar()}
	return &linkage.Service{DB: db, Clock: clock, Calendar: Calendar(), Cases: cases}
}

// moment reads "2026-09-28 09:30".
func moment(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, inspection.Zone)
	if err != nil {
		panic(err) // the story is part of the program
	}
	return t
}

func dayOf(s string) *inspection.Day { return new(day(s)) }

// issue composes, submits and signs a notice.
func (n noticeTeller) issue(login, when string, c linkage.Composing) (linkage.Notice, error) {
	s, who := linkageAt(n.at, moment(when)), n.people[login]
	draft, err := s.Compose(n.ctx, who, c)
	if err != nil {
		return draft, err
	}
	if draft, err = s.Submit(n.ctx, who, draft.ID, draft.Version, nil); err != nil {
		return draft, err
	}
	return s.Issue(n.ctx, who, draft.ID, draft.Version)
}

// receive signs for what an office was sent.
func (n noticeTeller) receive(login string, id inspection.NoticeID, when time.Time) error {
	s, who := linkageAt(n.at, when), n.people[login]
	v, err := s.Get(n.ctx, who, id)
	if err != nil {
		return err
	}
	_, err = s.Receive(n.ctx, who, v.Delivery.ID, v.Delivery.Version, linkage.Receipt{})
	return err
}

// city forwards the notice to its counties, which hand it to their units.
func (n noticeTeller) city(top linkage.Notice, login, on string, counties []sent) error {
	if err := n.receive(login, top.ID, moment(on).Add(-48*time.Hour)); err != nil {
		return err
	}
	forward := linkage.Composing{Parent: &top.ID}
	for _, c := range counties {
		forward.Offices = append(forward.Offices, linkage.Slug(n.people[c.login].Office().Slug))
	}
	mid, err := n.issue(login, on, forward)
	if err != nil {
		return err
	}
	all := true
	for i, c := range counties {
		if err := n.county(mid, c, moment(on).Add(time.Duration(i+1)*5*time.Hour)); err != nil {
			return fmt.Errorf("%s: %w", c.login, err)
		}
		all = all && c.reported == c.units
	}
	if all {
		return n.settle(login, mid)
	}
	return n.chase(login, mid)
}

// county hands the notice to its units; they sign for it, most report, and the
// county accepts what they reported. Where all did it reports to its city.
func (n noticeTeller) county(mid linkage.Notice, c sent, when time.Time) error {
	if err := n.receive(c.login, mid.ID, when); err != nil {
		return err
	}
	units, err := n.units(c, when)
	if err != nil {
		return err
	}
	low, err := n.issue(c.login, when.Add(20*time.Hour).Format("2006-01-02 15:04"), linkage.Composing{Parent: &mid.ID, Units: units})
	if err != nil {
		return err
	}
	v, err := linkageAt(n.at, when).Get(n.ctx, n.people[c.login], low.ID)
	if err != nil {
		return err
	}
	rows := v.Matrix.Rows
	slices.SortStableFunc(rows, func(a, b linkage.Row) int {
		return slices.Index(c.named, a.Recipient) - slices.Index(c.named, b.Recipient)
	})
	for i, r := range rows { // the named ones stand last
		if err := n.unit(c, r.Delivery, i); err != nil {
			return fmt.Errorf("%s: %w", r.Recipient, err)
		}
	}
	s, who := linkageAt(n.at, moment("2026-11-12 15:10")), n.people[c.login]
	if err := n.accept(s, who, low.ID); err != nil || c.reported < c.units {
		return err
	}
	if err := n.report(c, mid.ID); err != nil {
		return err
	}
	if v, err = s.Get(n.ctx, who, low.ID); err == nil {
		_, err = s.Close(n.ctx, who, low.ID, v.Version, fmt.Sprintf("%d 个单位均已报送并采认。", c.units))
	}
	return err
}

// accept takes the reports on a notice as done.
func (n noticeTeller) accept(s *linkage.Service, who tenants.Scope, id inspection.NoticeID) error {
	v, err := s.Get(n.ctx, who, id)
	if err != nil {
		return err
	}
	for _, r := range v.Matrix.Rows {
		if r.Depth > 0 || r.ReportedAt == nil {
			continue
		}
		if _, err := s.Accept(n.ctx, who, r.ID, r.Version); err != nil {
			return fmt.Errorf("%s: %w", r.Recipient, err)
		}
	}
	return nil
}

// units chooses the units of a county that the notice concerns: those of its
// ledger first, then others in the order of their names.
func (n noticeTeller) units(c sent, when time.Time) (ids []inspection.UnitID, err error) {
	err = n.at(when).In(n.ctx, n.people[c.login], func(tx *tenants.Tx) error {
		rows, _ := tx.Query(n.ctx, `
			select id from units u
			where `+tenants.Own("u")+`
			order by name = any(@named) desc, exists (
				select from findings f where f.tenant_id = u.tenant_id and f.unit_id = u.id) desc, kind = 'township' desc, name collate "C"
			limit @n`, pgx.StrictNamedArgs{"named": c.named, "n": c.units})
		ids, err = pgx.CollectRows(rows, pgx.RowTo[inspection.UnitID])
		return err
	})
	return ids, err
}

// unit signs and reports for the i-th unit of a county. Those of the cast do so
// themselves; the others answer on paper, and the office enters it.
func (n noticeTeller) unit(c sent, d linkage.Delivery, i int) (err error) {
	who, receipt := n.people[c.login], linkage.Receipt{OnPaper: true, SignedBy: strings.TrimSuffix(strings.TrimSuffix(d.Recipient, "党组"), "党委") + "办公室"}
	if own, ok := n.liaison(d); ok {
		who, receipt = own, linkage.Receipt{}
	}
	if i >= c.received {
		return nil
	}
	signed := moment("2026-10-14 09:10").Add(time.Duration(i%3)*24*time.Hour + time.Duration(i*17)*time.Minute)
	if d, err = linkageAt(n.at, signed).Receive(n.ctx, who, d.ID, d.Version, receipt); err != nil || i >= c.reported {
		return err
	}
	found, corrected := share(c.found, c.reported, i), share(c.corrected, c.reported, i)
	reported := moment("2026-11-02 10:00").Add(time.Duration(i%9)*24*time.Hour + time.Duration(i*13)*time.Minute)
	_, err = linkageAt(n.at, reported).Report(n.ctx, who, d.ID, d.Version, linkage.SelfCheck{
		Checked: found + 3 + i%5, Found: found, Corrected: corrected, Rules: (i + 1) % 2, OnPaper: receipt.OnPaper, SignedBy: receipt.SignedBy,
		Text: "已按要求逐村核对，问题清单附后。", Answers: []linkage.Line{"已核对", "已履行", "已公开"},
	})
	return err
}

// share is the i-th of n parts of a sum, as even as can be, the larger ones first.
func share(sum, n, i int) int {
	if i < sum%n {
		return sum/n + 1
	}
	return sum / n
}

// liaison is the person of the cast who acts for a unit.
func (n noticeTeller) liaison(d linkage.Delivery) (tenants.Scope, bool) {
	for _, p := range Cast() {
		if p.Office == d.Office && p.Role == tenants.UNIT && p.Unit == d.Recipient {
			return n.people[p.Login], true
		}
	}
	return tenants.Scope{}, false
}

// report hands in what the units of a county found.
func (n noticeTeller) report(c sent, id inspection.NoticeID) error {
	s, who := linkageAt(n.at, moment("2026-11-12 16:30")), n.people[c.login]
	v, err := s.Get(n.ctx, who, id)
	if err != nil {
		return err
	}
	_, err = s.Report(n.ctx, who, v.Delivery.ID, v.Delivery.Version, linkage.SelfCheck{
		Checked: c.units, Found: c.found, Corrected: c.corrected, Rules: c.units / 2,
		Text:    fmt.Sprintf("%d 个单位均已报送自查报告。", c.units),
		Answers: []linkage.Line{"已逐村核对", "均已履行", "均已公开"},
	})
	return err
}

// settle accepts what all counties of a city reported and reports to the
// province.
func (n noticeTeller) settle(login string, mid linkage.Notice) error {
	s, who := linkageAt(n.at, moment("2026-11-13 15:20")), n.people[login]
	v, err := s.Get(n.ctx, who, mid.ID)
	if err != nil {
		return err
	}
	if err := n.accept(s, who, mid.ID); err != nil {
		return err
	}
	var sum linkage.SelfCheck
	for _, r := range v.Matrix.Rows {
		if r.Depth > 0 {
			continue
		}
		sum.Checked, sum.Found, sum.Corrected = sum.Checked+r.Checked, sum.Found+r.Found, sum.Corrected+r.Corrected
	}
	sum.Text, sum.Answers = "三个县区均已报送，本级已采认。", []linkage.Line{"已逐村核对", "均已履行", "均已公开"}
	up, err := s.Get(n.ctx, who, *mid.ParentID)
	if err != nil {
		return err
	}
	_, err = s.Report(n.ctx, who, up.Delivery.ID, up.Delivery.Version, sum)
	return err
}

// chase reminds those units of a city whose reports are late, in one batch.
func (n noticeTeller) chase(login string, mid linkage.Notice) error {
	s, who := linkageAt(n.at, moment("2026-11-16 09:40")), n.people[login]
	v, err := s.Get(n.ctx, who, mid.ID)
	if err != nil {
		return err
	}
	var late []inspection.DeliveryID
	for _, r := range v.Matrix.Rows {
		if r.Leaf && !r.Done {
			late = append(late, r.ID)
		}
	}
	_, err = s.Remind(n.ctx, who, mid.ID, late)
	return err
}
