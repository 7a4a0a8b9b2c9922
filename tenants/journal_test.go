package tenants_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

func act(tx *tenants.Tx, title string) {
	tx.Journal(tenants.Entry{
		Action: "unit.rename", Object: "unit", ID: uuid.Must(uuid.NewV7()),
		Detail: tenants.Detail{Title: title, Text: "理由", Number: "QY-06-02-017"}, After: map[string]string{"short": title},
	})
}

// write does n acts, each in a transaction of its own.
func write(t *testing.T, h *tenantstest.House, s tenants.Scope, n int) {
	t.Helper()
	for range n {
		h.Do(h.DB, s, func(tx *tenants.Tx) error { act(tx, "改名"); return nil })
	}
}

// TestJournalSeesTampering does to the journal what somebody with the database
// in hands could do, one kind at a time. Each must be found where it happened;
// untouched, the chain holds.
func TestJournalSeesTampering(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, sql string
		seq       int64 // first entry that is wrong; 0 if none
	}{
		{"nothing", `select`, 0},
		{"who acted", `update journal set actor_name = '别人' where seq = 4`, 4},
		{"in which role", `update journal set role = 'LG' where seq = 4`, 4},
		{"under which grant", `update journal set grant_id = gen_random_uuid() where seq = 4`, 4},
		{"when", `update journal set at = at - interval '1 day' where seq = 4`, 4},
		{"what", `update journal set action = 'unit.merge' where seq = 4`, 4},
		{"to what", `update journal set object_id = gen_random_uuid() where seq = 4`, 4},
		{"the reason", `update journal set detail = '{"title":"改名","text":"别的理由","number":"QY-06-02-017"}' where seq = 4`, 4},
		{"the result", `update journal set result = 'denied' where seq = 4`, 4},
		{"the row after", `update journal set after = before where seq = 4`, 4},
		{"the request", `update journal set request_id = 'x' where seq = 4`, 4},
		{"the hash", `update journal set hash = prev where seq = 4`, 4},
		{"the link", `update journal set prev = hash where seq = 4`, 4},
		{"one dropped", `delete from journal where seq = 4`, 4},
		{"the first dropped", `delete from journal where seq = 1`, 1},
		{"the tail cut", `delete from journal where seq >= 6`, 6},
		{"all dropped", `delete from journal`, 1},
		{"two swapped", `update journal set seq = 9 - seq + 100 where seq in (4, 5); update journal set seq = seq - 100 where seq > 100`, 4},
		{"one inserted", `update journal set seq = seq + 100 where seq > 4; update journal set seq = seq - 99 where seq > 100;
			insert into journal select (j).* from (select j from journal j where seq = 4) x where false;
			insert into journal (tenant_id, seq, at, actor_id, actor_name, actor_tenant, role, grant_id, action, object, object_id, unit_id,
				result, detail, before, after, request_id, prev, hash)
			select tenant_id, 5, at, actor_id, actor_name, actor_tenant, role, grant_id, action, object, object_id, unit_id,
				result, detail, before, after, request_id, hash, hash from journal where seq = 4`, 5},
		{"the head turned back", `update journal_heads set seq = 5`, 8},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := tenantstest.New(t)
			office := h.County[0][0]
			write(t, h, h.As(office, tenants.OFF), 7)
			h.Root(`alter table journal disable trigger all`)
			h.Root(tt.sql)
			n, broken, err := h.Jobs.Verify(t.Context(), office)
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case tt.seq == 0 && (broken != nil || n != 7):
				t.Errorf("untouched: %d entries hold, %+v; want 7", n, broken)
			case tt.seq != 0 && (broken == nil || broken.Seq != tt.seq):
				t.Errorf("broken = %+v, want at %d", broken, tt.seq)
			}
		})
	}
}

// TestJournalIsAppendOnly tries to write the journal as the application could
// after an injection.
func TestJournalIsAppendOnly(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	s := h.As(h.County[0][0], tenants.DIR)
	write(t, h, s, 2)
	for _, sql := range []string{
		`update journal set actor_name = 'x'`,
		`delete from journal`,
		`truncate journal`,
		`insert into journal select * from journal`,
		`update journal_heads set seq = 0`,
		`select sec.journal_append(j) from journal j where seq = 2`, // again
		`select sec.journal_append(jsonb_populate_record(j, '{"seq": 9}')) from journal j where seq = 2`,
		`select sec.journal_head((select id from tenants where slug = 'county-990122'))`, // a sibling's
	} {
		err := h.In(t.Context(), s, func(tx *tenants.Tx) error { _, err := tx.Exec(t.Context(), sql); return err })
		if err == nil {
			t.Errorf("%s worked", sql)
		}
	}
	if n, broken, err := h.Jobs.Verify(t.Context(), h.County[0][0]); n != 2 || broken != nil || err != nil {
		t.Errorf("%d entries, %+v, %v; want 2 that hold", n, broken, err)
	}
}

// TestNoActWithoutEntry: what rolls back leaves no entry, and acts of many at
// once make one chain without gap.
func TestNoActWithoutEntry(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	office := h.County[0][0]
	s := h.As(office, tenants.OFF)
	boom := errors.New("boom")
	if err := h.In(t.Context(), s, func(tx *tenants.Tx) error { act(tx, "改名"); return boom }); !errors.Is(err, boom) {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { write(t, h, s, 5) })
	}
	wg.Wait()
	if n, broken, err := h.Jobs.Verify(t.Context(), office); n != 40 || broken != nil || err != nil {
		t.Errorf("%d entries, %+v, %v; want 40 that hold", n, broken, err)
	}
}

// TestReadFromAbove: a look from above is an entry in the lower office's journal,
// which its people see and a sibling does not.
func TestReadFromAbove(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	lower := h.County[0][0]
	look := func(s tenants.Scope) error {
		return h.In(t.Context(), s, func(tx *tenants.Tx) error {
			tx.Journal(tenants.Entry{Office: lower.ID, Action: "rectification.read-above", Object: "finding", Detail: tenants.Detail{Title: "上级查看"}})
			return nil
		})
	}
	city, err := h.As(h.City[0], tenants.CITY).Below(lower)
	if err != nil {
		t.Fatal(err)
	}
	if err := look(city); err != nil {
		t.Fatal(err)
	}
	if err := look(h.As(h.County[0][1], tenants.OFF)); err == nil {
		t.Error("a sibling wrote into the journal")
	}
	if n := count(t, h.DB, h.As(lower, tenants.OFF), "journal"); n != 1 {
		t.Errorf("the lower office sees %d looks, want 1", n)
	}
	if n := count(t, h.DB, h.As(h.County[0][1], tenants.OFF), "journal"); n != 0 {
		t.Errorf("a sibling sees %d looks, want 0", n)
	}
	if n, broken, err := h.Jobs.Verify(t.Context(), lower); n != 1 || broken != nil || err != nil {
		t.Errorf("%d entries, %+v, %v", n, broken, err)
	}
}

// TestNumbers: many at once get different numbers without gap, and a rollback
// gives its number back.
func TestNumbers(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	s := h.As(h.County[0][0], tenants.OFF)
	var mu sync.Mutex
	seen := map[int]bool{}
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			var n int
			err := h.In(t.Context(), s, func(tx *tenants.Tx) (err error) {
				if n, err = tenants.NextNumber(t.Context(), tx, "青巡办发〔2026〕"); err == nil && i%4 == 0 {
					err = pgx.ErrTxClosed // give it back
				}
				return err
			})
			if err == nil {
				mu.Lock()
				defer mu.Unlock()
				if seen[n] {
					t.Errorf("number %d was given out twice", n)
				}
				seen[n] = true
			}
		})
	}
	wg.Wait()
	for n := 1; n <= 30; n++ {
		if !seen[n] {
			t.Errorf("number %d is missing", n)
		}
	}
}
