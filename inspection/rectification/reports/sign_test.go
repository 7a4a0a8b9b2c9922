package reports_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/papers"
	"xuncha/inspection/rectification/reports"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

func acting(s tenants.Scope, role tenants.Role, proven bool) tenants.Scope {
	a := tenants.Acting{Office: s.Office(), Member: s.Member(), Grant: s.Grant(), Name: s.Name(), Role: role}
	if role.OfUnit() {
		a.Unit = s.Unit()
	}
	if proven {
		a.Strong = tenantstest.Now
	}
	return tenants.ForGrant(a)
}

// TestSignature: what is signed is what was read, whole, and by two people who prove
// who they are; the head's report has one signature.
func TestSignature(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.drafted(reports.Progress)
	sign := func(by tenants.Scope, p reports.Report, digest string) error {
		_, err := d.Sign(t.Context(), by, *p.ID, p.Version, papers.Signing{Digest: digest})
		return err
	}
	tenantstest.Wants(t, sign(acting(d.head, tenants.HEAD, false), p, p.Digest), inspection.Forbidden, "step-up-required")
	tenantstest.Wants(t, sign(d.liaison, p, p.Digest), inspection.Forbidden, "forbidden")
	d.says(d.findings[1], "记录已补齐。")
	tenantstest.Wants(t, sign(d.head, p, p.Digest), inspection.Conflict, "report.changed")
	empty := ""
	p = tenantstest.Must(d.Edit(t.Context(), d.liaison, *p.ID, p.Version, reports.Change{NextSteps: &empty}))(t)
	tenantstest.Wants(t, sign(d.head, p, p.Digest), inspection.Conflict, "report.incomplete")
	next := "继续整改。"
	p = tenantstest.Must(d.Edit(t.Context(), d.liaison, *p.ID, p.Version, reports.Change{NextSteps: &next}))(t)
	p = tenantstest.Must(d.Sign(t.Context(), d.head, *p.ID, p.Version, papers.Signing{Digest: p.Digest}))(t)
	if *p.State != reports.Signed || p.Content.Promise != reports.Progress.Promise() {
		t.Errorf("signed as %s under %q", *p.State, p.Content.Promise)
	}

	countersign := func(by tenants.Scope, digest string) error {
		_, err := d.Countersign(t.Context(), by, *p.ID, p.Version, papers.Signing{Digest: digest})
		return err
	}
	tenantstest.Wants(t, countersign(acting(d.leader, tenants.LG, false), p.Digest), inspection.Forbidden, "step-up-required")
	tenantstest.Wants(t, countersign(acting(d.head, tenants.LG, true), p.Digest), inspection.Forbidden, "report.own-signature")
	other := []byte(p.Digest)
	other[0] ^= 1 // still a hexadecimal digit
	tenantstest.Wants(t, countersign(d.leader, string(other)), inspection.Conflict, "report.changed")
	if err := countersign(d.leader, p.Digest); err != nil {
		t.Error(err)
	}

	tenantstest.Must(d.Enter(t.Context(), d.liaison, reports.Entering{Round: d.round, Kind: reports.Arrange, On: tenantstest.Day(t, "2026-07-20"), Subject: "部署。"}))(t)
	h := d.signed(reports.Head)
	if *h.State != reports.Filed || h.LeaderAt != nil {
		t.Errorf("the head's report is %s after one signature", *h.State)
	}
	_, err := d.Countersign(t.Context(), d.leader, *h.ID, h.Version, papers.Signing{Digest: h.Digest})
	tenantstest.Wants(t, err, inspection.Conflict, "report.wrong-state")
}

// TestAltered changes what was signed behind the application's back: nobody goes on
// with it, and the application itself cannot do it.
func TestAltered(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.signed(reports.Progress)
	err := d.In(t.Context(), d.head, func(tx *tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `update reports set content = '{}'::json where id = $1`, p.ID)
		return err
	})
	if pg, ok := errors.AsType[*pgconn.PgError](err); !ok || pg.Code != "23001" {
		t.Errorf("the application changes what was signed: %v", err)
	}
	d.Root(`alter table reports disable trigger keep_signed`)
	text := tenantstest.RootValue[string](d.House, `select content::text from reports where id = $1`, p.ID)
	for _, changed := range []string{
		strings.Replace(text, "3次", "4次", 1), strings.Replace(text, `"closed":1`, `"closed":2`, 1), text + " ", strings.Replace(text, ":", ": ", 1),
	} {
		if changed == text {
			t.Fatal("nothing was changed")
		}
		d.Root(`update reports set content = $2::text::json where id = $1`, p.ID, changed)
		_, err := d.Countersign(t.Context(), d.leader, *p.ID, p.Version, papers.Signing{Digest: p.Digest})
		tenantstest.Wants(t, err, inspection.Conflict, "report.altered")
		_, err = d.Get(t.Context(), d.off, *p.ID)
		tenantstest.Wants(t, err, inspection.Conflict, "report.altered")
	}
	d.Root(`update reports set content = $2::text::json where id = $1`, p.ID, text)
	p = tenantstest.Must(d.Countersign(t.Context(), d.leader, *p.ID, p.Version, papers.Signing{Digest: p.Digest}))(t)
	p = tenantstest.Must(d.Receive(t.Context(), d.off, *p.ID, p.Version))(t)
	d.Root(`update reports set content = $2::text::json where id = $1`, p.ID, strings.Replace(text, "3次", "4次", 1))
	_, err = d.Give(t.Context(), d.disc, *p.ID, giving(p, rectification.Agree))
	tenantstest.Wants(t, err, inspection.Conflict, "report.altered")
}

// TestRace lets the head sign twice and two parties answer at once.
func TestRace(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.drafted(reports.Progress)
	errs := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := d.Sign(t.Context(), d.head, *p.ID, p.Version, papers.Signing{Digest: p.Digest})
			errs <- err
		}()
	}
	if first, second := <-errs, <-errs; (first == nil) == (second == nil) {
		t.Errorf("of two signatures at once: %v and %v; want one", first, second)
	}
	p = tenantstest.Must(d.Get(t.Context(), d.leader, *p.ID))(t)
	other := d.As(d.office, tenants.LG)
	for _, by := range []tenants.Scope{d.leader, other} {
		go func() {
			_, err := d.Countersign(t.Context(), by, *p.ID, p.Version, papers.Signing{Digest: p.Digest})
			errs <- err
		}()
	}
	if first, second := <-errs, <-errs; (first == nil) == (second == nil) {
		t.Errorf("of two leaders at once: %v and %v; want one", first, second)
	}
	p = tenantstest.Must(d.Get(t.Context(), d.off, *p.ID))(t)
	p = tenantstest.Must(d.Receive(t.Context(), d.off, *p.ID, p.Version))(t)
	for _, by := range []tenants.Scope{d.disc, d.org} {
		go func() {
			_, err := d.Give(t.Context(), by, *p.ID, giving(p, rectification.Agree))
			errs <- err
		}()
	}
	if first, second := <-errs, <-errs; first != nil || second != nil {
		t.Errorf("two parties at once: %v and %v; want both taken", first, second)
	}
	if p = tenantstest.Must(d.Get(t.Context(), d.off, *p.ID))(t); len(p.Given) != 2 {
		t.Errorf("given = %v, want both", p.Given)
	}
}

// TestBlind: a party sees no other's opinion before all are in, and the unit none at all.
func TestBlind(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.reviewing()
	give := func(by tenants.Scope, g papers.Giving) error {
		_, err := d.Give(t.Context(), by, *p.ID, g)
		return err
	}
	agree := giving(p, rectification.Agree)
	if err := give(d.disc, agree); err != nil {
		t.Fatal(err)
	}
	sees := func(by tenants.Scope) int { return len(tenantstest.Must(d.Get(t.Context(), by, *p.ID))(t).Opinions) }
	if own, other, unit := sees(d.disc), sees(d.org), sees(d.head); own != 1 || other != 0 || unit != 0 {
		t.Errorf("after one opinion its party sees %d, another %d, the unit %d; want 1, 0, 0", own, other, unit)
	}
	tenantstest.Wants(t, give(d.disc, agree), inspection.Conflict, "report.opinion-given")
	tenantstest.Wants(t, give(d.As(d.office, tenants.DEPT), agree), inspection.Forbidden, "forbidden") // the policy does not name it
	tenantstest.Wants(t, give(acting(d.liaison, tenants.ORG, true), agree), inspection.Forbidden, "report.own-work")
	unreasoned := giving(p, rectification.Amend)
	unreasoned.Reasons = nil
	tenantstest.Wants(t, give(d.org, unreasoned), inspection.Invalid, "report.invalid")
	for _, by := range []tenants.Scope{d.org, d.off} {
		if err := give(by, agree); err != nil {
			t.Fatal(err)
		}
	}
	if other, unit := sees(d.org), sees(d.head); other != 3 || unit != 0 {
		t.Errorf("when all are in a party sees %d and the unit %d; want 3 and 0", other, unit)
	}
}

// TestReach: a draft is its unit's alone, a signed report its office's too, and the
// levels above read it once it is approved, of which the county learns; nobody beside
// ever does.
func TestReach(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	city := tenantstest.Must(d.As(d.City[0], tenants.CITY).Below(d.office))(t)
	strangers := map[string]tenants.Scope{
		"another unit":   d.As(d.office, tenants.UNIT, d.Unit(d.office, "县教育局党组")),
		"another county": d.As(d.County[0][1], tenants.OFF),
		"another city":   d.As(d.City[1], tenants.CITY),
	}
	reads := func(who string, by tenants.Scope, id *inspection.ReportID, may bool) {
		t.Helper()
		_, err := d.Get(t.Context(), by, *id)
		if may && err != nil || !may && inspection.KindOf(err) != inspection.NotFound {
			t.Errorf("%s reads the report: %v, want %t", who, err, may)
		}
	}
	draft := d.drafted(reports.Progress)
	reads("the unit", d.head, draft.ID, true)
	reads("the office", d.off, draft.ID, false)
	p := tenantstest.Must(d.Sign(t.Context(), d.head, *draft.ID, draft.Version, papers.Signing{Digest: draft.Digest}))(t)
	reads("the office", d.off, p.ID, true)
	p = tenantstest.Must(d.Countersign(t.Context(), d.leader, *p.ID, p.Version, papers.Signing{Digest: p.Digest}))(t)
	p = tenantstest.Must(d.Receive(t.Context(), d.off, *p.ID, p.Version))(t)
	for _, by := range []tenants.Scope{d.disc, d.org, d.off} {
		p = tenantstest.Must(d.Give(t.Context(), by, *p.ID, giving(p, rectification.Agree)))(t)
	}
	reads("the city before", city, p.ID, false)
	tenantstest.Must(d.Approve(t.Context(), d.off, *p.ID, p.Version, reports.Deciding{}))(t)
	above := tenantstest.Must(d.Get(t.Context(), city, *p.ID))(t)
	if len(above.Content.Items) != 3 || len(above.Allowed) != 0 || len(above.Opinions) != 0 {
		t.Errorf("the city reads %d items, may %v, sees %d opinions", len(above.Content.Items), above.Allowed, len(above.Opinions))
	}
	if n := tenantstest.RootValue[int](d.House, `
		select count(*)::int from journal where tenant_id = $1 and action = 'report.read-above'`, d.office.ID); n != 1 {
		t.Errorf("the county's journal has %d readings from above, want 1", n)
	}
	for who, by := range strangers {
		reads(who, by, p.ID, false)
		if ls := tenantstest.Must(d.List(t.Context(), by))(t); len(ls) != 0 {
			t.Errorf("%s lists %d reports", who, len(ls))
		}
	}
	for _, by := range []tenants.Scope{d.liaison, d.disc, d.leader, city} { // the positive control
		if ls := tenantstest.Must(d.List(t.Context(), by))(t); len(ls) == 0 || ls[len(ls)-1].ID == nil || *ls[len(ls)-1].ID != *p.ID {
			t.Errorf("%s does not list the report", by.Role())
		}
	}
	tenantstest.Must(d.Enter(t.Context(), d.liaison, reports.Entering{Round: d.round, Kind: reports.Inquire, On: tenantstest.Day(t, "2026-09-01"), Subject: "过问。"}))(t)
	for who, by := range map[string]tenants.Scope{"another unit": strangers["another unit"], "the city": city} {
		d.Do(d.House.DB, by, func(tx *tenants.Tx) error {
			var n int
			err := tx.QueryRow(t.Context(), `select count(*) from head_acts`).Scan(&n)
			if n != 0 {
				t.Errorf("%s sees %d acts of the head", who, n)
			}
			return err
		})
	}
	if acts := tenantstest.Must(d.Acts(t.Context(), d.head, d.round))(t); len(acts) != 1 {
		t.Errorf("the head sees %d acts, want 1", len(acts))
	}
}

// TestEveryByte changes what was signed byte by byte: the service shows none of
// it, nobody goes on with it, and the command that verifies names it.
func TestEveryByte(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.signed(reports.Progress)
	holds := func(what string, want int) {
		t.Helper()
		tenantstest.Holds(t, d.House.DB, d.office, what, want, reports.Sealed)
	}
	holds("as signed", 1)
	n := tenantstest.EveryByte(d.House, "reports", "content", 9, func(changed string) {
		_, err := d.Get(t.Context(), d.off, *p.ID)
		tenantstest.Wants(t, err, inspection.Conflict, "report.altered")
		holds(changed, 0)
	})
	holds("put back", 1)
	d.Root(`update reports set digest = set_byte(digest, 0, get_byte(digest, 0) # 1)`)
	_, err := d.Countersign(t.Context(), d.leader, *p.ID, p.Version, papers.Signing{Digest: p.Digest})
	tenantstest.Wants(t, err, inspection.Conflict, "report.altered")
	d.Root(`update reports set digest = set_byte(digest, 0, get_byte(digest, 0) # 1)`)
	tenantstest.Must(d.Countersign(t.Context(), d.leader, *p.ID, p.Version, papers.Signing{Digest: p.Digest}))(t)
	t.Logf("R-27: reports: %d changes of one byte, all refused", n)
}
