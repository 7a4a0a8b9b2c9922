package evaluations_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"xuncha/inspection"
	"xuncha/inspection/findings"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/evaluations"
	"xuncha/inspection/rectification/reports"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// house is a test's database with one county whose time to put things right is
// over: ten problems, of which six are closed, two of those too late, three are
// overdue, and one is not begun.
type house struct {
	*tenantstest.House
	*evaluations.Service
	cases *rectification.Service

	office             tenants.Tenant
	unit               inspection.UnitID
	round              inspection.RoundID
	items              []findings.Finding
	liaison, head      tenants.Scope
	off, member, disc  tenants.Scope
	org, dir, lg, team tenants.Scope
}

func newHouse(t testing.TB) *house {
	t.Helper()
	h := &house{House: tenantstest.New(t)}
	clock := inspection.ClockAt(tenantstest.Now)
	h.cases = &rectification.Service{DB: h.House.DB, Clock: clock, Calendar: inspection.PublishedCalendar()}
	h.Service = &evaluations.Service{DB: h.House.DB, Clock: clock, Reports: &reports.Service{
		DB: h.House.DB, Clock: clock, Calendar: h.cases.Calendar, Cases: h.cases,
	}}
	h.office = h.County[0][0]
	h.unit, h.round = h.Unit(h.office, "县水务局党组"), h.Round(h.office)
	h.liaison, h.head = h.As(h.office, tenants.UNIT, h.unit), h.As(h.office, tenants.HEAD, h.unit)
	h.off, h.member, h.dir = h.As(h.office, tenants.OFF), h.As(h.office, tenants.OFF), h.As(h.office, tenants.DIR)
	h.disc, h.org, h.lg = h.As(h.office, tenants.DISC), h.As(h.office, tenants.ORG), h.As(h.office, tenants.LG)
	h.team = h.As(h.office, tenants.MEM)
	h.items = h.ledger(t, h.unit, 10)
	id := func(i int) inspection.FindingID { return h.items[i].ID }
	h.Root(`update rectifications set state = 'closed', closed_on = '2026-10-01', due_on = '2026-10-09' where finding_id = any($1)`,
		[]inspection.FindingID{id(0), id(1), id(2), id(3)})
	h.Root(`update rectifications set state = 'closed', closed_on = '2026-10-14', due_on = '2026-10-09' where finding_id = any($1)`,
		[]inspection.FindingID{id(4), id(5)})
	h.Root(`update rectifications set state = 'working', due_on = '2026-10-09' where finding_id = any($1)`,
		[]inspection.FindingID{id(6), id(7), id(8)})
	h.Root(`update rectifications set due_on = '2026-12-31' where finding_id = $1`, id(9))
	return h
}

// ledger gives a unit issued problems, each with a measure that names its leader.
func (h *house) ledger(t testing.TB, unit inspection.UnitID, n int) []findings.Finding {
	t.Helper()
	drafts := &findings.Service{DB: h.House.DB, Clock: h.Clock, Issued: h.cases.Begin}
	texts := make([]findings.New, n)
	for i := range texts {
		texts[i] = findings.New{Focus: 1, Category: "理论武装", Text: fmt.Sprintf("问题 %d。", i+1)}
	}
	fs := tenantstest.Must(drafts.Draft(t.Context(), h.off, findings.Drafting{Round: h.round, Unit: unit, Findings: texts}))(t)
	h.Do(h.House.DB, h.dir, func(tx *tenants.Tx) error {
		var ids []inspection.FindingID
		for _, f := range fs {
			ids = append(ids, f.ID)
		}
		issued, err := findings.Issue(t.Context(), tx, h.Clock(), tenantstest.Day(t, "2026-07-10"), ids)
		if err != nil {
			return err
		}
		fs = issued
		return h.cases.Begin(t.Context(), tx, issued)
	})
	return fs
}

// begun returns the unit's evaluation.
func (h *house) begun(t testing.TB, card string) evaluations.Evaluation {
	t.Helper()
	b := tenantstest.Must(h.Begin(t.Context(), h.off, evaluations.Beginning{Round: h.round, Card: card, Units: []inspection.UnitID{h.unit}}))(t)
	return tenantstest.Must(h.Get(t.Context(), h.off, b.Made[0].ID))(t)
}

// assessing returns one that the unit signed and whose group is named.
func (h *house) assessing(t testing.TB, card string) evaluations.Evaluation {
	t.Helper()
	e := h.begun(t, card)
	f := evaluations.Filling{Note: "自评良好。"}
	for _, a := range e.Card.Aspects {
		m := evaluations.SelfMark{Aspect: a.Key, Points: a.Weight}
		if e.Card.Kind == evaluations.ByGrades {
			m = evaluations.SelfMark{Aspect: a.Key, Grade: "好"}
		}
		f.Marks = append(f.Marks, m)
	}
	e = tenantstest.Must(h.Fill(t.Context(), h.liaison, e.ID, e.Version, f))(t)
	e = tenantstest.Must(h.Sign(t.Context(), h.head, e.ID, e.Version))(t)
	return tenantstest.Must(h.Convene(t.Context(), h.dir, e.ID, e.Version, evaluations.Convening{People: []evaluations.Chosen{
		{ID: h.off.Member(), Party: tenants.OFF}, {ID: h.disc.Member(), Party: tenants.DISC}, {ID: h.org.Member(), Party: tenants.ORG},
	}}))(t)
}

// survey is one in which 92.25 of 100 are reached.
func survey(t testing.TB) *evaluations.Survey {
	return &evaluations.Survey{Given: 50, Returned: 45, Content: 31, Fair: 8, Discontent: 1, Unknown: 5, On: tenantstest.Day(t, "2026-11-10")}
}

// following accepts every proposal as it is.
func following(e evaluations.Evaluation) *[]evaluations.Deducting {
	ds := []evaluations.Deducting{}
	for _, p := range e.Sheet.Proposals {
		ds = append(ds, evaluations.Deducting{Item: p.Item, Points: p.Points})
	}
	return &ds
}

// finished returns one that the group scored as the system proposes.
func (h *house) finished(t testing.TB) evaluations.Evaluation {
	t.Helper()
	e := h.assessing(t, "hundred")
	e = tenantstest.Must(h.Enter(t.Context(), h.disc, e.ID, e.Version, evaluations.Entering{Entries: following(h.seen(t, h.off, e.ID)), Survey: survey(t)}))(t)
	return tenantstest.Must(h.Finish(t.Context(), h.off, e.ID, e.Version))(t)
}

// decided returns one that the leading group decided.
func (h *house) decided(t testing.TB) evaluations.Evaluation {
	t.Helper()
	return h.decide(t, h.finished(t))
}

func (h *house) decide(t testing.TB, e evaluations.Evaluation) evaluations.Evaluation {
	t.Helper()
	e = tenantstest.Must(h.Approve(t.Context(), h.dir, e.ID, e.Version, evaluations.Saying{}))(t)
	return tenantstest.Must(h.Decide(t.Context(), h.lg, e.ID, e.Version, evaluations.Saying{Note: "同意"}))(t)
}

// announced returns one that is made known.
func (h *house) announced(t testing.TB) evaluations.Evaluation {
	t.Helper()
	e := h.decided(t)
	return tenantstest.Must(h.Announce(t.Context(), h.dir, e.ID, e.Version, evaluations.Announcing{Second: h.second(t, e)}))(t)
}

func (h *house) second(t testing.TB, e evaluations.Evaluation) *evaluations.Ordering {
	for _, low := range e.Card.Second {
		if e.Grade == low {
			return &evaluations.Ordering{Text: "限期完成逾期问题。", Items: []inspection.FindingID{h.items[6].ID}, DueOn: tenantstest.Day(t, "2026-12-18")}
		}
	}
	return nil
}

func (h *house) seen(t testing.TB, by tenants.Scope, id evaluations.ID) evaluations.Evaluation {
	t.Helper()
	return tenantstest.Must(h.Get(t.Context(), by, id))(t)
}

// fields is everything that an error says about the input.
func fields(err error) (text string) {
	if e, ok := errors.AsType[*inspection.Error](err); ok {
		for _, f := range e.Fields {
			text += f.Message
		}
	}
	return text
}

// stranger is a problem of another unit.
func (h *house) stranger(t testing.TB) uuid.UUID {
	t.Helper()
	return h.ledger(t, h.Unit(h.office, "县教育局党组"), 1)[0].ID.UUID
}
