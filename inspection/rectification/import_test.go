package rectification_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/xuri/excelize/v2"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/ledger"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// importing is a house with the import of ledgers, and a job queue that a test
// works by hand.
type importing struct {
	*house
	t       *testing.T
	imports *rectification.Imports // as the workbench does
	worker  *rectification.Imports // as the jobs do
	queued  []inspection.ImportID
}

func newImporting(t *testing.T) *importing {
	t.Helper()
	h := &importing{house: newHouse(t), t: t}
	h.imports = &rectification.Imports{
		DB: h.DB, Clock: h.cases.Clock, Cases: h.cases,
		Enqueue: func(_ context.Context, _ *tenants.Tx, id inspection.ImportID) error {
			h.queued = append(h.queued, id)
			return nil
		},
	}
	cases := *h.cases
	cases.DB = h.Jobs
	h.worker = &rectification.Imports{DB: h.Jobs, Clock: h.cases.Clock, Cases: &cases}
	return h
}

func (h *importing) upload(file []byte) rectification.Import {
	h.t.Helper()
	im, err := h.imports.Upload(context.Background(), h.off, h.news(), bytes.NewReader(file))
	if err != nil {
		h.t.Fatal(err)
	}
	return im
}

func (h *importing) news() rectification.NewImport {
	return rectification.NewImport{
		Unit: h.unit, Round: h.round, FeedbackOn: tenantstest.Day(h.t, "2026-07-10"), Issue: true, Name: `C:\台账\河口.xlsx`,
	}
}

// step runs one step as the worker does.
func (h *importing) step(id inspection.ImportID) (more bool, err error) {
	err = h.Jobs.In(context.Background(), tenants.ForJob(h.office, "run_import"), func(tx *tenants.Tx) (err error) {
		more, err = h.worker.Step(context.Background(), tx, id)
		return err
	})
	return more, err
}

// run answers nothing, lets the import run and works its job to the end.
func (h *importing) run(im rectification.Import) rectification.Import {
	h.t.Helper()
	im, err := h.imports.Run(context.Background(), h.off, im.ID, im.Version)
	if err != nil {
		h.t.Fatal(err)
	}
	for more := true; more; {
		if more, err = h.step(im.ID); err != nil {
			h.t.Fatal(err)
		}
	}
	return h.get(im.ID)
}

func (h *importing) get(id inspection.ImportID) rectification.Import {
	h.t.Helper()
	im, err := h.imports.Get(context.Background(), h.off, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return im
}

func (h *importing) rows(id inspection.ImportID) []rectification.ImportRow {
	h.t.Helper()
	page, err := h.imports.Rows(context.Background(), h.off, id, "", 10000)
	if err != nil {
		h.t.Fatal(err)
	}
	return page.Items
}

func (h *importing) count(sql string, args ...any) int {
	h.t.Helper()
	return tenantstest.RootValue[int](h.House, sql, args...)
}

func hekou(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile("ledger/testdata/ledger-hekou.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// answered answers the three questions of the ledger of 河口镇.
func (h *importing) answered(im rectification.Import) rectification.Import {
	h.t.Helper()
	var a rectification.Answering
	for _, r := range h.rows(im.ID) {
		for _, q := range r.Questions {
			v := rectification.Answer{Value: "2026-09-01"}
			if q.Reason == ledger.DueLongTerm {
				v.Value = "long-term"
			}
			a.Answers = append(a.Answers, rectification.AnswerTo{Question: q.ID, Answer: v})
		}
	}
	im, err := h.imports.Answer(context.Background(), h.off, im.ID, im.Version, a)
	if err != nil {
		h.t.Fatal(err)
	}
	return im
}

// TestImport carries the real ledger through the wizard, twice.
func TestImport(t *testing.T) {
	t.Parallel()
	h := newImporting(t)
	im := h.upload(hekou(t))
	if im.Total != 16 || im.Reading.Totals.Measures != 29 || im.Open != 3 || im.FileName != "河口.xlsx" {
		t.Fatalf("read %d problems, %d measures, %d open, file %q", im.Total, im.Reading.Totals.Measures, im.Open, im.FileName)
	}
	for _, c := range im.Categories {
		if c.Focus == 0 {
			t.Errorf("category %q has no focus", c.Category)
		}
	}
	_, err := h.imports.Run(t.Context(), h.off, im.ID, im.Version)
	if e, ok := errors.AsType[*inspection.Error](err); !ok || e.Code != "import.unsettled" || len(e.Fields) != 3 {
		t.Fatalf("unanswered, it runs: %v", err)
	}
	im = h.run(h.answered(im))
	if im.State != rectification.ImportDone || im.Done != 16 || im.Tally[rectification.Added] != 16 {
		t.Errorf("state %s, %d done, %v", im.State, im.Done, im.Tally)
	}
	if n := h.count(`select count(*) from findings where import_id = $1 and issued_at is not null and feedback_on = '2026-07-10'`, im.ID); n != 16 {
		t.Errorf("%d findings were issued, want 16", n)
	}
	if n := h.count(`select count(*) from measures`); n != 29 {
		t.Errorf("%d measures, want 29", n)
	}
	if n := h.count(`select sum(amount_fen) from findings`); n != 18600000+42000000+1284000+8730000+9800000+486000+2160000+6400000+23700000 {
		t.Errorf("the sums add up to %d", n)
	}
	// 9: only 长期坚持. 11: a measure by 31 August and one for good.
	long := h.rows(im.ID)[8]
	if got := tenantstest.RootValue[string](h.House, `select kind || ' ' || coalesce(due_on::text, '-') || ' ' || review_on::text from rectifications where finding_id = $1`, *long.Finding); got != "long - 2027-01-10" {
		t.Errorf("the long-term problem is %q", got)
	}
	mixed := h.rows(im.ID)[10]
	if got := tenantstest.RootValue[string](h.House, `select kind || ' ' || due_on::text from rectifications where finding_id = $1`, *mixed.Finding); got != "near 2026-08-31" {
		t.Errorf("the mixed problem is %q", got)
	}

	t.Run("the same file again changes nothing", func(t *testing.T) {
		before := h.count(`select count(*) from journal where action like 'finding.%' or action like 'rectification.%' or action like 'measure.%'`)
		again := h.upload(hekou(t))
		if again.Tally[rectification.SameRow] != 16 || again.Open != 0 {
			t.Errorf("the wizard foresees %v with %d open", again.Tally, again.Open)
		}
		if again.Earlier == nil {
			t.Error("nobody is told that this file was imported before")
		}
		again = h.run(again)
		if again.Tally[rectification.SameRow] != 16 {
			t.Errorf("the second import came to %v", again.Tally)
		}
		if n := h.count(`select count(*) from journal where action like 'finding.%' or action like 'rectification.%' or action like 'measure.%'`); n != before {
			t.Errorf("%d changes by importing again", n-before)
		}
	})
	t.Run("the result accounts for every row", func(t *testing.T) {
		var b bytes.Buffer
		if _, err := h.imports.Result(t.Context(), h.off, im.ID, &b); err != nil {
			t.Fatal(err)
		}
		f, err := excelize.OpenReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := f.GetRows("导入结果")
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != 3+29+1 { // title, tally, head; measures; the signature line
			t.Errorf("%d lines, want 33", len(rows))
		}
		page, err := f.GetPageLayout("导入结果")
		if err != nil || *page.Orientation != "landscape" || *page.FitToWidth != 1 || *page.FitToHeight != 0 {
			t.Errorf("printed on %+v, %v", page, err)
		}
		if height, err := f.GetRowHeight("导入结果", 4); err != nil || height != 3*16+3 { // its problem takes three lines
			t.Errorf("row 4 is %v high, %v", height, err)
		}
		if names := f.GetDefinedName(); len(names) != 1 || names[0].RefersTo != "'导入结果'!$3:$3" {
			t.Errorf("on every page: %+v", names)
		}
	})
	t.Run("it ends as a to-do", func(t *testing.T) {
		tasks := func() (n int) {
			h.Do(h.DB, h.off, func(tx *tenants.Tx) error {
				all, err := h.imports.Tasks(t.Context(), tx)
				for _, task := range all {
					if task.ID == im.ID.UUID {
						n++
					}
				}
				return err
			})
			return n
		}
		if tasks() != 1 {
			t.Error("no to-do")
		}
		if _, err := h.imports.Know(t.Context(), h.off, im.ID); err != nil {
			t.Fatal(err)
		}
		if tasks() != 0 {
			t.Error("the to-do stays")
		}
	})
}

// TestImportOthers: what belongs to others is not there.
func TestImportOthers(t *testing.T) {
	t.Parallel()
	h := newImporting(t)
	im := h.upload(hekou(t))
	other := h.As(h.County[0][1], tenants.OFF)
	if _, err := h.imports.Get(t.Context(), other, im.ID); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("another office reads it: %v", err)
	}
	if _, err := h.imports.Get(t.Context(), h.liaison, im.ID); inspection.KindOf(err) != inspection.Forbidden {
		t.Errorf("the unit reads it: %v", err)
	}
	city, err := h.As(h.City[0], tenants.CITY).Below(h.office)
	if err != nil {
		t.Fatal(err)
	}
	h.Do(h.DB, city, func(tx *tenants.Tx) error {
		var n int
		err := tx.QueryRow(t.Context(), `select (select count(*) from imports) + (select count(*) from import_rows)`).Scan(&n)
		if n != 0 {
			t.Errorf("the city sees %d rows of an import below", n)
		}
		return err
	})
	if n := h.count(`select count(*) from import_rows`); n != 16 {
		t.Errorf("control: %d rows", n)
	}

	// A unit of another office and one that nobody has get the same answer (BI-141).
	foreign, unknown := h.news(), h.news()
	foreign.Unit, unknown.Unit = h.Unit(h.County[0][1], "县教育局"), inspection.NewID[inspection.UnitID]()
	var said []string
	for _, up := range []rectification.NewImport{foreign, unknown} {
		_, err := h.imports.Upload(t.Context(), h.off, up, bytes.NewReader(hekou(t)))
		said = append(said, fmt.Sprint(err))
	}
	if said[0] != said[1] || !strings.Contains(said[0], "未找到该单位") {
		t.Errorf("answers are %q", said)
	}

	// Who lost the right between the preview and the run cannot run it (BI-147).
	if _, err := h.imports.Run(t.Context(), h.disc, im.ID, im.Version); inspection.KindOf(err) != inspection.Forbidden {
		t.Errorf("run without the right: %v", err)
	}
}

// TestImportBadFiles: what cannot be read leaves nothing behind.
func TestImportBadFiles(t *testing.T) {
	t.Parallel()
	h := newImporting(t)
	tests := []struct {
		name string
		body io.Reader
		code string
		kind inspection.Kind
	}{
		{"empty", strings.NewReader(""), "not-xlsx", inspection.Invalid},
		{"text", strings.NewReader("序号,问题\n1,某问题\n"), "not-xlsx", inspection.Invalid},
		{"cut in the middle", bytes.NewReader(hekou(t)[:4000]), "not-xlsx", inspection.Invalid},
		{"sender gone", io.MultiReader(bytes.NewReader(hekou(t)[:4000]), failing{}), "incomplete-upload", inspection.Invalid},
		{"too large", io.LimitReader(zeroes{}, rectification.MaxLedger+1), "too-large", inspection.TooLarge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := h.imports.Upload(t.Context(), h.off, h.news(), tt.body)
			if inspection.CodeOf(err) != tt.code || inspection.KindOf(err) != tt.kind {
				t.Errorf("err = %v, want %s", err, tt.code)
			}
		})
	}
	if n := h.count(`select count(*) from imports`); n != 0 {
		t.Errorf("%d imports are left", n)
	}
	left, err := h.cases.Files.Old(t.Context(), "ledgers", 0)
	if err != nil || len(left) != 0 {
		t.Errorf("files are left: %v, %v", left, err)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

type zeroes struct{}

func (zeroes) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// sheet makes a ledger with the usual columns.
func sheet(t testing.TB, rows ...[]any) []byte {
	t.Helper()
	head := []any{"序号", "问题类别", "反馈问题", "整改措施", "责任领导", "整改时限", "整改进展情况", "涉及金额(元)"}
	return grid(t, append([][]any{head}, rows...)...)
}

// grid makes a workbook of rows.
func grid(t testing.TB, rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, r := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &r); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const patrol = "聚焦党中央决策部署在基层落实情况"

// TestImportTwice runs two imports of one ledger at once, each worked by two
// workers that know nothing of each other: every problem comes out once.
func TestImportTwice(t *testing.T) {
	t.Parallel()
	h := newImporting(t)
	var rows [][]any
	for i := range 60 {
		rows = append(rows, []any{fmt.Sprint(i + 1), patrol, fmt.Sprintf("第%d个问题", i+1), "措施", "罗某", "2026-12-01", "", ""})
	}
	file := sheet(t, rows...)
	var imports []rectification.Import
	for range 2 {
		imports = append(imports, h.upload(file))
	}
	for _, im := range imports {
		if _, err := h.imports.Run(t.Context(), h.off, im.ID, im.Version); err != nil {
			t.Fatal(err)
		}
	}
	var wg sync.WaitGroup
	for _, im := range imports {
		for range 2 {
			wg.Go(func() {
				for more := true; more; {
					var err error
					if more, err = h.step(im.ID); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
	}
	wg.Wait()
	if n := h.count(`select count(*) from findings`); n != 60 {
		t.Errorf("%d findings, want 60", n)
	}
	if n := h.count(`select count(*) from measures`); n != 60 {
		t.Errorf("%d measures, want 60", n)
	}
	tally := map[rectification.RowResult]int{}
	for _, im := range imports {
		for r, n := range h.get(im.ID).Tally {
			tally[r] += n
		}
	}
	if tally[rectification.Added] != 60 || tally[rectification.SameRow] != 60 {
		t.Errorf("the two came to %v", tally)
	}
}

// TestImportDrafts: before the feedback problems come out as drafts; after it the
// same ledger brings the measures.
func TestImportDrafts(t *testing.T) {
	t.Parallel()
	h := newImporting(t)
	file := sheet(t, []any{"1", patrol, "甲问题", "措施一", "罗某", "2026-12-01", "", ""})
	up := h.news()
	up.Issue = false
	im, err := h.imports.Upload(t.Context(), h.off, up, bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	h.run(im)
	if n := h.count(`select count(*) from findings where issued_at is null`); n != 1 {
		t.Errorf("%d drafts, want 1", n)
	}
	im = h.upload(file)
	im, err = h.imports.Answer(t.Context(), h.off, im.ID, im.Version, rectification.Answering{
		All: &rectification.ChoiceOfAll{Verdict: rectification.ChangedRow, Choice: rectification.Update},
	})
	if err != nil {
		t.Fatal(err)
	}
	h.run(im)
	if n := h.count(`select count(*) from findings f join measures m on m.finding_id = f.id where f.issued_at is not null`); n != 1 {
		t.Errorf("%d measures of an issued finding, want 1", n)
	}
}

// TestResultNeutral: nothing in the result file begins a formula (BI-151).
func TestResultNeutral(t *testing.T) {
	t.Parallel()
	h := newImporting(t)
	im := h.run(h.upload(sheet(t,
		[]any{"1", patrol, "=cmd|' /C calc'!A0", "＝HYPERLINK(1)", "@罗某", "2026-12-01", "", ""},
		[]any{"2", patrol, "\u200b =1+1", "-措施", "罗某", "2026-12-01", "", ""})))
	var b bytes.Buffer
	if _, err := h.imports.Result(t.Context(), h.off, im.ID, &b); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows("导入结果")
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range rows[3:] {
		for k, cell := range r {
			first := strings.TrimLeft(cell, "\u200b ")
			if first != "" && strings.ContainsRune("=＝@+-", []rune(first)[0]) {
				t.Errorf("line %d, column %d begins a formula: %q", i+4, k+1, cell)
			}
		}
	}
	if len(rows) != 5 {
		t.Errorf("%d lines, want 5", len(rows))
	}
}
