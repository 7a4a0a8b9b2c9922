package linkage_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/linkage"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestWhoSeesANotice: issuer, above and recipients, each after its time; nobody
// beside. Every refusal is paired with somebody who may.
func TestWhoSeesANotice(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	ctx := t.Context()
	city, prov, otherCity := c.As(c.City[0], tenants.CITY), c.As(c.Province, tenants.PROV), c.As(c.City[1], tenants.CITY)
	recipient, sibling := c.As(c.County[0][0], tenants.OFF), c.As(c.County[0][1], tenants.OFF)
	unit := c.As(c.County[0][0], tenants.UNIT, c.units[c.County[0][0].ID][0])

	sees := func(what string, s tenants.Scope, id inspection.NoticeID, want bool) {
		t.Helper()
		_, err := c.Get(ctx, s, id)
		if want && err != nil || !want && inspection.KindOf(err) != inspection.NotFound {
			t.Errorf("%s: %v", what, err)
		}
	}
	n := tenantstest.Must(c.Compose(ctx, city, draft(c.County[0][0])))(t)
	sees("the issuer sees its draft", city, n.ID, true)
	sees("the province sees no draft", prov, n.ID, false)
	sees("the recipient sees no draft", recipient, n.ID, false)

	n = tenantstest.Must(c.Submit(ctx, city, n.ID, n.Version, nil))(t)
	n = tenantstest.Must(c.Issue(ctx, city, n.ID, n.Version))(t)
	sees("the province sees it issued", prov, n.ID, true)
	sees("the recipient sees it", recipient, n.ID, true)
	sees("a sibling that is no recipient does not", sibling, n.ID, false)
	sees("another city does not", otherCity, n.ID, false)
	sees("a unit does not see its office's mail", unit, n.ID, false)

	// What the city rests its notice on is its own affair.
	for who, want := range map[tenants.Scope]int{city: 6, prov: 0, recipient: 0} {
		if got := rows(t, c, who, "notice_basis"); got != want {
			t.Errorf("%s sees %d findings of the basis, want %d", who.Role(), got, want)
		}
	}

	low := c.issued(recipientDir(c), linkage.Composing{Tag: tag, Title: "转办", Body: "请自查。", Units: c.units[c.County[0][0].ID][:1]})
	sees("the unit sees its own", unit, low.ID, true)
	sees("the city above sees what the county sends", city, low.ID, true)
	other := c.As(c.County[0][0], tenants.UNIT, c.units[c.County[0][0].ID][1])
	sees("another unit does not", other, low.ID, false)

	if got := tenantstest.Must(c.Get(ctx, recipient, n.ID))(t); len(got.Basis) > 0 || len(got.Recipients) > 0 {
		t.Error("the recipient reads whose findings the notice rests on")
	}
	// Above, the reading is written down below.
	if n := tenantstest.RootValue[int](c.House,
		`select count(*) from journal where tenant_id = $1 and action = 'notice.read-above'`, c.City[0].ID); n != 1 {
		t.Errorf("%d entries about the province's reading, want 1", n)
	}
}

func recipientDir(c *chain) tenants.Scope { return c.As(c.County[0][0], tenants.DIR) }

// rows counts what the widest reach of s sees of a table.
func rows(t *testing.T, c *chain, s tenants.Scope, table string) (n int) {
	t.Helper()
	if w, err := s.Subtree(); err == nil {
		s = w
	}
	c.Do(c.House.DB, s, func(tx *tenants.Tx) error {
		return tx.QueryRow(t.Context(), `select count(*) from `+pgx.Identifier{table}.Sanitize()).Scan(&n)
	})
	return n
}

// TestSides tries, past all Go, to write the other side's columns and to take
// part in rows between others.
func TestSides(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	city, prov := c.As(c.City[0], tenants.CITY), c.As(c.Province, tenants.PROV)
	recipient, sibling := c.As(c.County[0][0], tenants.OFF), c.As(c.County[0][1], tenants.OFF)
	unit := c.As(c.County[0][0], tenants.UNIT, c.units[c.County[0][0].ID][0])
	n := c.issued(city, draft(c.County[0][0]))
	low := c.issued(recipientDir(c), linkage.Composing{Tag: tag, Title: "转办", Body: "请自查。", Units: c.units[c.County[0][0].ID]})
	m, off, _ := c.raised()

	const (
		done    = ""
		refused = "may not"
		none    = "none"
	)
	tests := []struct {
		name string
		as   tenants.Scope
		sql  string
		id   any
		want string
	}{
		{"recipient signs", recipient, `update deliveries set received_by = 'x' where notice_id = $1`, n.ID, done},
		{"recipient accepts itself", recipient, `update deliveries set accepted_by = 'x' where notice_id = $1`, n.ID, refused},
		{"recipient moves its day", recipient, `update deliveries set report_due = report_due + 9 where notice_id = $1`, n.ID, refused},
		{"recipient sets accepted", recipient, `update deliveries set state = 'accepted' where notice_id = $1`, n.ID, refused},
		{"recipient changes the issuer", recipient, `update deliveries set issuer = tenant_id where notice_id = $1`, n.ID, refused},
		{"issuer accepts", city, `update deliveries set accepted_by = 'x' where notice_id = $1`, n.ID, done},
		{"issuer signs for the recipient", city, `update deliveries set received_by = 'y' where notice_id = $1`, n.ID, refused},
		{"issuer reports for the recipient", city, `update deliveries set found = 3 where notice_id = $1`, n.ID, refused},
		{"issuer sets received", city, `update deliveries set state = 'received' where notice_id = $1`, n.ID, refused},
		{"issuer delivers elsewhere", city, `update deliveries set tenant_id = issuer where notice_id = $1`, n.ID, refused},
		{"province above both", prov, `update deliveries set changed_by = 'x' where notice_id = $1`, n.ID, none},
		{"sibling", sibling, `update deliveries set received_by = 'x' where notice_id = $1`, n.ID, none},
		{"recipient edits the notice", recipient, `update notices set title = 'x' where id = $1`, n.ID, none},
		{"issuer edits the notice", city, `update notices set summary = 'x' where id = $1`, n.ID, done},

		{"unit signs", unit, `update deliveries set received_by = 'x' where notice_id = $1`, low.ID, done},
		{"unit accepts itself", unit, `update deliveries set accepted_by = 'x' where notice_id = $1`, low.ID, refused},
		{"office accepts its unit's", recipient, `update deliveries set accepted_by = 'x' where notice_id = $1`, low.ID, done},
		{"office signs in its place", recipient, `update deliveries set received_by = 'y' where notice_id = $1`, low.ID, refused},
		{"office enters its paper", recipient, `update deliveries set received_by = 'y', on_paper = true where notice_id = $1`, low.ID, done},

		{"holder accepts", city, `update escalations set accepted_at = now(), state = 'accepted' where id = $1`, m.ID, done},
		{"holder rewrites the matter", city, `update escalations set asked = 'x' where id = $1`, m.ID, refused},
		{"holder withdraws it", city, `update escalations set state = 'withdrawn' where id = $1`, m.ID, refused},
		{"raiser answers itself", off, `update escalations set answer = 'x' where id = $1`, m.ID, refused},
		{"raiser sets answered", off, `update escalations set state = 'answered' where id = $1`, m.ID, refused},
		{"raiser decides it", off, `update escalations set decision_text = 'x' where id = $1`, m.ID, refused},
		{"holder writes a decision", city, `update escalations set decision_text = 'x' where id = $1`, m.ID, done},
		{"holder disputes for the raiser", city, `update escalations set dispute = 'x' where id = $1`, m.ID, refused},
		{"raiser disputes", off, `update escalations set dispute = 'x', disputed_at = now() where id = $1`, m.ID, done},
		{"raiser words it", off, `update escalations set asked = 'x' where id = $1`, m.ID, done},
		{"province that it did not come to", prov, `update escalations set answer = 'x' where id = $1`, m.ID, none},
		{
			"holder passes it to a sibling of the raiser", city,
			`update escalations set holder = (select id from tenants where slug = 'county-990122') where id = $1`, m.ID, "row-level security",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := tt.as
			if w, err := s.Subtree(); err == nil {
				s = w
			}
			var changed int64
			err := c.In(t.Context(), s, func(tx *tenants.Tx) error {
				tag, err := tx.Exec(t.Context(), tt.sql, tt.id)
				changed = tag.RowsAffected()
				return err
			})
			switch {
			case tt.want == done && (err != nil || changed == 0):
				t.Errorf("changed %d rows, %v; want some", changed, err)
			case tt.want == none && (err != nil || changed != 0):
				t.Errorf("changed %d rows, %v; want none", changed, err)
			case tt.want != done && tt.want != none && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("changed %d rows, %v; want %q", changed, err, tt.want)
			}
		})
	}
}

// TestNobodyDeliversUpOrBeside tries to put deliveries into offices that are not
// below.
func TestNobodyDeliversUpOrBeside(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	county, city := c.As(c.County[0][0], tenants.DIR), c.As(c.City[0], tenants.CITY)
	mine := c.issued(county, linkage.Composing{Tag: tag, Title: "转办", Body: "请自查。", Units: c.units[c.County[0][0].ID][:1]})
	citys := c.issued(city, draft(c.County[0][0]))
	put := func(s tenants.Scope, to tenants.Tenant, n linkage.Notice) error {
		return c.In(t.Context(), s, func(tx *tenants.Tx) error {
			_, err := tx.Exec(t.Context(), `
				insert into deliveries (tenant_id, id, issuer, notice_id, root, delivered_at, receipt_due, self_check_due,
					report_due, due_calendar, changed_at, changed_by)
				values (@to, gen_random_uuid(), current_tenant(), @notice, @notice, now(), now(), now(), now(), '', now(), '')`,
				pgx.StrictNamedArgs{"to": to.ID, "notice": n.ID})
			return err
		})
	}
	for what, err := range map[string]error{
		"to the city above":              put(county, c.City[0], mine),
		"to a sibling":                   put(county, c.County[0][1], mine),
		"to another city's county":       put(city, c.County[1][0], citys),
		"of a notice that is not theirs": put(c.As(c.City[1], tenants.CITY), c.County[1][0], citys),
	} {
		if err == nil || !strings.Contains(err.Error(), "row-level security") {
			t.Errorf("delivered %s: %v", what, err)
		}
	}
	if err := put(city, c.County[0][1], citys); err != nil {
		t.Errorf("a county below: %v", err)
	}
}

// TestWhoSeesAMatter: raiser, the offices it came to, and nobody else.
func TestWhoSeesAMatter(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	ctx := t.Context()
	off := c.As(c.County[0][0], tenants.OFF)
	people := map[string]tenants.Scope{
		"raiser": off, "city": c.As(c.City[0], tenants.CITY), "province": c.As(c.Province, tenants.PROV),
		"sibling": c.As(c.County[0][1], tenants.OFF), "other city": c.As(c.City[1], tenants.CITY),
		"unit": c.As(c.County[0][0], tenants.UNIT, c.units[c.County[0][0].ID][0]),
	}
	see := func(when string, id inspection.EscalationID, want ...string) {
		t.Helper()
		for who, s := range people {
			_, err := c.GetMatter(ctx, s, id)
			may := false
			for _, w := range want {
				may = may || w == who
			}
			if may && err != nil || !may && inspection.KindOf(err) != inspection.NotFound {
				t.Errorf("%s, %s: %v", when, who, err)
			}
		}
	}
	m := tenantstest.Must(c.Raise(ctx, off, c.findings[c.County[0][0].ID][0], raising))(t)
	see("as a draft", m.ID, "raiser")
	m = tenantstest.Must(c.SubmitMatter(ctx, off, m.ID, m.Version))(t)
	m = tenantstest.Must(c.Approve(ctx, recipientDir(c), m.ID, m.Version))(t)
	see("sent up", m.ID, "raiser", "city")
	m = tenantstest.Must(c.Take(ctx, people["city"], m.ID, m.Version, linkage.Taking{}))(t)
	m = tenantstest.Must(c.RaiseFurther(ctx, people["city"], m.ID, m.Version, "请省里定"))(t)
	see("passed on", m.ID, "raiser", "city", "province")
	_, err := c.Raise(ctx, people["sibling"], c.findings[c.County[0][0].ID][1], raising)
	tenantstest.Wants(t, err, inspection.NotFound, "not-found")
}
