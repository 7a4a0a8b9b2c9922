package documents_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"xuncha/inspection"
	"xuncha/inspection/documents"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestTooMany refuses what is too long, by problems and by lines, and writes
// nothing down.
func TestTooMany(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for i := range 3 {
		h.put(h.water, i+1, fmt.Sprintf("问题%d", i+1), 0, true, "措施甲", "措施乙")
	}
	wish := documents.Wish{Columns: []string{"number", "measure"}}
	for most, want := range map[int]string{2: "narrow-filter", 5: "narrow-filter", 6: ""} {
		h.documents.SetMost(most)
		_, err := h.documents.Ledger(t.Context(), h.off, rectification.Filter{}, wish)
		if inspection.CodeOf(err) != want {
			t.Errorf("at most %d: %v, want %q", most, err, want)
		}
	}
	read := 0
	h.Do(h.DB, h.off, func(tx *tenants.Tx) error {
		_, err := h.documents.Cases.Every(t.Context(), tx, rectification.Filter{}, 2, func(rectification.Item) error { read++; return nil })
		if inspection.CodeOf(err) != "narrow-filter" || read > 0 {
			t.Errorf("%d rows read before it was refused: %v", read, err)
		}
		return nil
	})
	h.Do(h.Jobs, tenants.ForJob(h.office, "test"), func(tx *tenants.Tx) error {
		var n int
		err := tx.QueryRow(t.Context(), `select count(*) from journal where tenant_id = current_tenant() and object = 'export'`).Scan(&n)
		if n != 1 {
			t.Errorf("%d entries, want 1: of the export that came about", n)
		}
		return err
	})
}

// TestEvery reads more than one chunk, each row once, in order.
func TestEvery(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.Root(`with f as (
			insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, category, text, issued_at)
			select $1, gen_random_uuid(), 'N' || to_char(n, 'FM00000'), $2, $3, n, 1, '', '问题', now() from generate_series(1, 1203) n
			returning id, unit_id)
		insert into rectifications (tenant_id, finding_id, unit_id, state, issued_at, changed_at, changed_by)
		select $1, id, unit_id, 'open', now(), now(), '某人' from f`, h.office.ID, h.round, h.water)
	w := h.export(t, h.off, rectification.Filter{}, documents.Wish{Columns: []string{"number"}})
	got := w.column("编号")
	if len(got) != 1203 || !slices.IsSorted(got) || len(slices.Compact(got)) != 1203 {
		t.Errorf("%d rows", len(got))
	}
}

// TestOneMoment changes the rows between two steps of an export (BI-157): the file says
// what they were when it began, and when that was.
func TestOneMoment(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.put(h.water, 1, "导出开始时的问题", 0, true, "措施甲")
	h.Root(`begin`)
	h.Root(`lock table findings in access exclusive mode`) // whose text is read after the rows are found
	done := make(chan documents.File)
	go func() {
		file, err := h.documents.Ledger(t.Context(), h.off, rectification.Filter{}, documents.Wish{Columns: []string{"number", "text"}})
		if err != nil {
			t.Error(err)
		}
		done <- file
	}()
	for h.Root(`select pg_stat_clear_snapshot()`); tenantstest.RootValue[int](h.House,
		`select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`) == 0; h.Root(`select pg_stat_clear_snapshot()`) {
		time.Sleep(5 * time.Millisecond)
	}
	h.Root(`update findings set text = '导出途中改过的问题'`)
	h.Root(`commit`)
	w := open(t, <-done)
	if got := w.column("反馈问题"); len(got) != 1 || got[0] != "导出开始时的问题" {
		t.Errorf("the file says %v, want what was there when it began", got)
	}
	if mark, err := w.GetCellValue(w.sheet, "A2"); err != nil || !strings.Contains(mark, "2026-11-20 10:00") {
		t.Errorf("the file does not say when: %q, %v", mark, err)
	}
	if got := h.export(t, h.off, rectification.Filter{}, documents.Wish{Columns: []string{"text"}}).column("反馈问题"); got[0] != "导出途中改过的问题" {
		t.Errorf("control: the next one says %v", got)
	}
}

// TestNothingLeft refuses an export in the middle, when its rows lie in a temporary
// file already, and finds the file gone; also after an export that came about.
func TestNothingLeft(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	h := newHouse(t)
	text := strings.Repeat("问", 20_000)
	const lines = 300
	if lines*len(text) < excelize.StreamChunkSize {
		t.Fatal("the rows stay in memory")
	}
	h.put(h.water, 1, text, 0, true, slices.Repeat([]string{"措施"}, lines)...)
	h.put(h.water, 2, "问题二", 0, true, "措施甲", "措施乙")
	wish := documents.Wish{Columns: []string{"number", "text", "measure"}}
	for most, want := range map[int]string{lines + 1: "narrow-filter", lines + 2: ""} {
		h.documents.SetMost(most)
		_, err := h.documents.Ledger(t.Context(), h.off, rectification.Filter{Sort: "number"}, wish)
		if inspection.CodeOf(err) != want {
			t.Errorf("at most %d: %v, want %q", most, err, want)
		}
		left, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(left, func(e os.DirEntry) bool { return strings.HasPrefix(e.Name(), "excelize-") }) {
			t.Errorf("at most %d: left %v", most, left)
		}
	}
}

// TestTwoAtOnce holds two exports up: a third is refused at once, and one after them
// comes about.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	clock := h.documents.Clock
	begun, goOn, errs := make(chan bool), make(chan bool), make(chan error)
	var asked atomic.Int32
	h.documents.Clock = func() time.Time {
		if asked.Add(1) <= 2 {
			begun <- true
			<-goOn
		}
		return clock()
	}
	export := func() error {
		_, err := h.documents.Ledger(t.Context(), h.off, rectification.Filter{}, documents.Wish{Form: documents.All})
		return err
	}
	for range 2 {
		go func() { errs <- export() }()
	}
	for range 2 {
		<-begun
	}
	if err := export(); inspection.KindOf(err) != inspection.Busy {
		t.Errorf("the third = %v, want busy", err)
	}
	close(goOn)
	for range 2 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if err := export(); err != nil {
		t.Errorf("after them: %v", err)
	}
}
