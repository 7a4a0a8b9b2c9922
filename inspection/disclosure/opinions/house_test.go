package opinions_test

import (
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"xuncha/inspection"
	"xuncha/inspection/disclosure/opinions"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/doubts"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// notice is the page of the tests' county.
const notice = "KAA-XC-2026-01-01"

// desk is a county that published a page with three findings, of which the second is
// withheld, and takes opinions on it.
type desk struct {
	*tenantstest.House
	t        testing.TB
	office   tenants.Tenant
	unit     inspection.UnitID
	findings [3]inspection.FindingID
	off, dir tenants.Scope
	room     *opinions.Service
	doubts   *doubts.Service
	box      *opinions.Box
	shelf    opinions.Shelf
	now      time.Time
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	h := tenantstest.New(t)
	d := &desk{House: h, t: t, office: h.County[0][0], now: tenantstest.Now, shelf: opinions.Shelf{DB: h.Public}}
	clock := func() time.Time { return d.now }
	d.unit = h.Unit(d.office, "县民政局党组")
	d.off, d.dir = h.As(d.office, tenants.OFF), h.As(d.office, tenants.DIR)
	cases := &rectification.Service{DB: h.DB, Clock: clock, Calendar: inspection.PublishedCalendar()}
	d.doubts = &doubts.Service{DB: h.DB, Clock: clock, Cases: cases}
	d.room = &opinions.Service{DB: h.DB, Clock: clock, Calendar: inspection.PublishedCalendar(), Doubts: d.doubts, Cases: cases}
	d.box = &opinions.Box{DB: h.Intake, Clock: clock, Key: []byte("a key of the tests")}
	d.page(notice)
	return d
}

// page publishes a page until 2026-12-31.
func (d *desk) page(number string) {
	d.t.Helper()
	round, page := d.Round(d.office), inspection.NewID[inspection.DisclosureID]()
	for i := range d.findings {
		d.findings[i] = inspection.NewID[inspection.FindingID]()
		d.Root(`insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, text, issued_at, feedback_on)
			values ($1, $2, $3, $4, $5, $6, 1, '敬老院伙食费公示不及时。', '2026-05-28 09:00+08', '2026-05-28')`,
			d.office.ID, d.findings[i], fmt.Sprintf("KAA-%s-%03d", number[len(number)-2:], i+1), round, d.unit, i+1)
		d.Root(`insert into rectifications (tenant_id, finding_id, unit_id, state, due_on, closed_on, submission, issued_at)
			values ($1, $2, $3, $4, '2026-12-31', case when $4 = 'closed' then date '2026-08-20' end, $5, '2026-05-28 09:00+08')`,
			d.office.ID, d.findings[i], d.unit, []string{"closed", "closed", "working"}[i], []int{1, 1, 0}[i])
	}
	d.Root(`set session_replication_role = replica`) // only what the tests look at is there
	for i := range d.findings {
		d.Root(`insert into disclosure_items (tenant_id, disclosure_id, edition, finding_id, unit_id, seq, status, title, problem, result, rules,
				reason, goal, lead, withheld, issued_at)
			values ($1, $2, 1, $3, $4, $5, 'done', $6, '', '', '', '', '', '', $7, '2026-09-21 09:00+08')`,
			d.office.ID, page, d.findings[i], d.unit, i+1, fmt.Sprintf("第%d个问题", i+1), []string{"", "case", ""}[i])
	}
	d.Root(`insert into disclosures (tenant_id, id, unit_id, round_id, number, live, issued_at, created_at, created_by)
		values ($1, $2, $3, $4, $5, 1, '2026-09-21 09:00+08', '2026-09-21 09:00+08', '')`, d.office.ID, page, d.unit, round, number)
	d.Root(`insert into publications (tenant_id, disclosure_id, edition, number, unit_id, title, unit_name, unit_kind, round_name, round_term,
			round_seq, year, findings, done, long_term, ongoing, withheld, note, digest, data, article, published_at, opinions_until, approved_name)
		values ($1, $2, 1, $3, $4, '', '', 'department', '', 1, 1, 2026, 3, 2, 0, 0, 1, '', '', '{}', '', '2026-09-21 09:00+08', '2026-12-31', '')`,
		d.office.ID, page, number, d.unit)
	d.Root(`set session_replication_role = default`)
}

// say puts something into the box.
func (d *desk) say(said opinions.Said) (inspection.OpinionID, opinions.Receipt) {
	d.t.Helper()
	if said.Notice == "" {
		said.Notice = notice
	}
	if said.Text == "" {
		said.Text = "公示栏7月以后没有更新。"
	}
	id := inspection.NewID[inspection.OpinionID]()
	d.now = d.now.Add(time.Minute)
	return id, tenantstest.Must(d.box.Take(d.t.Context(), d.office, id, said))(d.t)
}

func (d *desk) get(id inspection.OpinionID) opinions.Opinion {
	d.t.Helper()
	return tenantstest.Must(d.room.Get(d.t.Context(), d.off, id))(d.t)
}

// flags are the marks of a case.
func (d *desk) flags(i int) []string {
	d.t.Helper()
	return tenantstest.RootValue[[]string](d.House, `select flags from rectifications where finding_id = $1`, d.findings[i])
}

// mode sets an office's mode past all rules.
func (d *desk) mode(office tenants.Tenant, mode string) {
	d.t.Helper()
	d.Root(`insert into policies (tenant_id, version, body)
		select $1, 1 + coalesce(max(version), 0), jsonb_build_object('disclosure_opinions', $2::text) from policies where tenant_id = $1`, office.ID, mode)
}

func digest(s string) []byte {
	sum := sha256.Sum256([]byte(s))
	return sum[:]
}
