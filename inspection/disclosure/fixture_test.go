package disclosure_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"xuncha/inspection"
	"xuncha/inspection/disclosure"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// world is one county with an inspected unit, the people who bring a 通报 to the
// public, and a clock that the test moves.
type world struct {
	*tenantstest.House
	t     testing.TB
	svc   *disclosure.Service // the workbench's
	jobs  *disclosure.Service
	read  disclosure.Reader
	clock *clock

	county tenants.Tenant
	unit   inspection.UnitID
	round  inspection.RoundID

	liaison, head, off, off2, dir, lg tenants.Scope
}

// clock stands where it is put and runs from there.
type clock struct {
	mu   sync.Mutex
	tick inspection.Clock
	set  time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.tick().Add(c.set)
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set += d
}

func newWorld(t testing.TB) *world {
	t.Helper()
	h := tenantstest.New(t)
	w := &world{House: h, t: t, clock: &clock{tick: inspection.ClockAt(tenantstest.Now)}, county: h.County[0][0]}
	w.unit, w.round = h.Unit(w.county, "县民政局党组"), h.Round(w.county)
	w.svc, w.jobs = w.service(h.DB), w.service(h.Jobs)
	w.read = disclosure.Reader{DB: h.Public}
	w.liaison, w.head = h.As(w.county, tenants.UNIT, w.unit), h.As(w.county, tenants.HEAD, w.unit)
	w.off, w.off2 = h.As(w.county, tenants.OFF), h.As(w.county, tenants.OFF)
	w.dir, w.lg = h.As(w.county, tenants.DIR), h.As(w.county, tenants.LG)
	return w
}

// service makes a service whose shift follows the test's clock: it moves on
// purpose, not by accident.
func (w *world) service(db *tenants.DB) *disclosure.Service {
	return &disclosure.Service{
		DB: db, Clock: w.clock.now, Calendar: inspection.PublishedCalendar(), Shift: disclosure.ShiftOf(w.clock.now), Site: "https://gk.example.cn",
		Article: article, Page: func(_ disclosure.Document, a []byte, _ bool) ([]byte, error) { return a, nil },
	}
}

// article stands in for the templates, which are another room's.
func article(d disclosure.Document) ([]byte, error) {
	b, err := json.Marshal(d)
	return fmt.Appendf(nil, "<article>%s</article>", b), err
}

// forward moves the test's time, and what the services know of it.
func (w *world) forward(d time.Duration) {
	w.clock.forward(d)
	for _, s := range []*disclosure.Service{w.svc, w.jobs} {
		s.Shift = disclosure.ShiftOf(w.clock.now)
	}
}

// finding writes an issued finding in a state of rectification, with a measure.
func (w *world) finding(seq int, state, text, progress string) inspection.FindingID {
	w.t.Helper()
	id := inspection.NewID[inspection.FindingID]()
	w.Root(`insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, text, issued_at, feedback_on)
		values ($1, $2, $3, $4, $5, $6, 1, $7, '2026-07-10 09:00+08', '2026-07-10')`,
		w.county.ID, id, fmt.Sprintf("KAA-01-01-%03d", seq), w.round, w.unit, seq, text)
	w.Root(`insert into rectifications (tenant_id, finding_id, unit_id, state, due_on, closed_on, review_on, rules_made, recovered_fen, issued_at)
		values ($1, $2, $3, $4, '2026-12-31', case when $4 = 'closed' then date '2026-08-20' end,
			case when $4 = 'long-term' then date '2027-03-01' end, 1, 1234, '2026-07-10 09:00+08')`,
		w.county.ID, id, w.unit, state)
	w.Root(`insert into measures (tenant_id, id, finding_id, unit_id, seq, text, leader, department, progress, rules, issued_at)
		values ($1, gen_random_uuid(), $2, $3, 1, '建立台账', '某某', '办公室', $4, '《财务管理办法》', '2026-07-10 09:00+08')`,
		w.county.ID, id, w.unit, progress)
	return id
}

// ledger writes three findings, one for each of the public's words.
func (w *world) ledger() (ids []inspection.FindingID) {
	w.t.Helper()
	return []inspection.FindingID{
		w.finding(1, "closed", "敬老院伙食费公示不及时，群众不了解收支。", "已按月公示伙食费收支"),
		w.finding(2, "long-term", "社会救助信息化建设滞后。", "系统建设方案已批复"),
		w.finding(3, "working", "公车管理制度不健全。", ""),
	}
}

// ledgerOf writes the findings of one more round; numbers do not meet.
func (w *world) ledgerOf(n int) {
	w.t.Helper()
	w.finding(100*n+1, "closed", "敬老院伙食费公示不及时。", "已按月公示")
	w.finding(100*n+2, "working", "公车管理制度不健全。", "")
}

// ready returns a draft in which nothing is missing.
func (w *world) ready() disclosure.Draft {
	w.t.Helper()
	d := w.must(w.svc.Generate(w.t.Context(), w.liaison, w.unit, w.round))
	d = w.must(w.svc.Edit(w.t.Context(), w.liaison, d.ID, d.Version, disclosure.Change{
		HeadDuty: new("党组书记主持召开专题会议4次，领办重点问题3个。"), Phone: new("0990-5550122"),
	}))
	for _, it := range d.Items {
		if it.Status == disclosure.LongTerm {
			_, err := w.svc.EditItem(w.t.Context(), w.liaison, d.ID, it.FindingID, it.Version, disclosure.ItemChange{
				Reason: new("系统建设需分期投入。"), Goal: new("2027年3月底前完成一期。"), Lead: new("办公室"),
			})
			if err != nil {
				w.t.Fatal(err)
			}
		}
	}
	return w.get(d.ID)
}

// approved brings a draft to approval.
func (w *world) approved() disclosure.Draft {
	w.t.Helper()
	d := w.ready()
	return w.approve(d)
}

func (w *world) approve(d disclosure.Draft) disclosure.Draft {
	w.t.Helper()
	ctx := w.t.Context()
	seen := func() disclosure.Decision { return disclosure.Decision{Digest: d.Shown} }
	d = w.must(w.svc.Check(ctx, w.liaison, d.ID, d.Version, seen()))
	d = w.must(w.svc.Confirm(ctx, w.head, d.ID, d.Version, seen()))
	d = w.must(w.svc.Clear(ctx, w.off, d.ID, d.Version, disclosure.Clearance{Decision: seen()}))
	return w.must(w.svc.Approve(ctx, w.fresh(w.lg), d.ID, d.Version, seen()))
}

// scheduled brings a draft to where it waits for its time, half an hour from now.
func (w *world) scheduled() disclosure.Draft {
	w.t.Helper()
	return w.schedule(w.approved())
}

func (w *world) schedule(d disclosure.Draft) disclosure.Draft {
	w.t.Helper()
	return w.must(w.svc.Schedule(w.t.Context(), w.fresh(w.off), d.ID, d.Version,
		disclosure.Plan{PublishAt: w.clock.now().Add(30 * time.Minute)}))
}

// published brings a text before the public.
func (w *world) published() disclosure.Draft {
	w.t.Helper()
	w.ledger()
	d := w.scheduled()
	w.forward(31 * time.Minute)
	w.publish(1)
	return w.get(d.ID)
}

func (w *world) publish(want int) {
	w.t.Helper()
	n, err := w.jobs.PublishDue(w.t.Context())
	if err != nil || n != want {
		w.t.Fatalf("published %d, %v; want %d", n, err, want)
	}
}

// fresh returns s after a proof of identity just now.
func (w *world) fresh(s tenants.Scope) tenants.Scope {
	return tenants.ForGrant(tenants.Acting{
		Office: s.Office(), Member: s.Member(), Grant: s.Grant(), Name: s.Name(), Role: s.Role(), Unit: s.Unit(), Strong: w.clock.now(),
	})
}

func (w *world) get(id inspection.DisclosureID) disclosure.Draft {
	w.t.Helper()
	return w.must(w.svc.Get(w.t.Context(), w.off, id))
}

func (w *world) must(d disclosure.Draft, err error) disclosure.Draft {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

func (w *world) item(d disclosure.Draft, finding inspection.FindingID) disclosure.Item {
	w.t.Helper()
	i := slices.IndexFunc(d.Items, func(it disclosure.Item) bool { return it.FindingID == finding })
	if i < 0 {
		w.t.Fatalf("no item for %s", finding)
	}
	return d.Items[i]
}
