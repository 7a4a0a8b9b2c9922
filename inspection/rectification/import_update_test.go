package rectification_test

import (
	"strings"
	"testing"
	"time"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestImportUpdate: what differs is shown and changed only when somebody says so;
// what the file leaves empty stays.
func TestImportUpdate(t *testing.T) {
	t.Parallel()
	h := newImporting(t)
	h.run(h.upload(sheet(t,
		[]any{"1", patrol, "甲问题", "措施一", "罗某", "2026-12-01", "已启动", "100"},
		[]any{"2", patrol, "乙问题", "措施二", "邓某", "2026-12-01", "", ""})))
	second := sheet(t,
		[]any{"1", patrol, "甲问题", "措施一", "石某", "2026-12-20", "", "100"},
		[]any{"", patrol, "甲问题", "措施三", "石某", "2026-12-10", "", ""},
		[]any{"2", patrol, "丙问题", "措施四", "邓某", "2026-12-01", "", ""})
	im := h.upload(second)
	rows := h.rows(im.ID)
	if rows[0].Verdict != rectification.ChangedRow || rows[1].Verdict != rectification.SimilarRow {
		t.Fatalf("verdicts %s and %s", rows[0].Verdict, rows[1].Verdict)
	}
	var fields []string
	for _, d := range rows[0].Differences {
		fields = append(fields, d.Field)
	}
	if got, want := strings.Join(fields, " "), "1/leader 1/due_on 2 due"; got != want {
		t.Errorf("differences are %q, want %q", got, want)
	}
	if _, err := h.imports.Run(t.Context(), h.off, im.ID, im.Version); inspection.CodeOf(err) != "import.unsettled" {
		t.Errorf("a number that is taken is no question: %v", err)
	}
	im, err := h.imports.Answer(t.Context(), h.off, im.ID, im.Version, rectification.Answering{Choices: []rectification.ChoiceFor{
		{Seq: 2, Choice: rectification.AddRow},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if im.Tally[rectification.Skipped] != 1 || im.Tally[rectification.Updated] != 0 {
		t.Errorf("what differs is overwritten though nobody said so: %v", im.Tally)
	}
	stale := rectification.Answering{Choices: []rectification.ChoiceFor{{Seq: 2, Choice: rectification.SkipRow}}}
	if _, err := h.imports.Answer(t.Context(), h.off, im.ID, im.Version-1, stale); inspection.KindOf(err) != inspection.Stale {
		t.Errorf("a stale choice: %v", err)
	}
	impossible := rectification.Answering{Choices: []rectification.ChoiceFor{{Seq: 1, Choice: rectification.AddRow}}}
	if _, err := h.imports.Answer(t.Context(), h.off, im.ID, im.Version, impossible); inspection.CodeOf(err) != "import.answers" {
		t.Errorf("what stands already is added again: %v", err)
	}
	im, err = h.imports.Answer(t.Context(), h.off, im.ID, im.Version, rectification.Answering{Choices: []rectification.ChoiceFor{
		{Seq: 1, Choice: rectification.Update},
	}})
	if err != nil {
		t.Fatal(err)
	}
	im = h.run(im)
	if im.Tally[rectification.Updated] != 1 || im.Tally[rectification.Added] != 1 {
		t.Errorf("came to %v", im.Tally)
	}
	state := func() string {
		return tenantstest.RootValue[string](h.House, `
			select string_agg(m.text || m.leader || to_char(m.due_on, 'MMDD') || m.progress, ' ' order by m.seq) || ' ' || to_char(max(r.due_on), 'MMDD')
			from measures m join findings f on f.id = m.finding_id join rectifications r using (finding_id)
			where f.text = '甲问题' and m.withdrawn_at is null`)
	}
	if got, want := state(), "措施一石某1220已启动 措施三石某1210 1220"; got != want {
		t.Errorf("after the update %q, want %q", got, want)
	}
	if again := h.upload(second); again.Tally[rectification.SameRow] != 2 {
		t.Errorf("the updated ledger again: %v", again.Tally)
	}

	// Taken back, the update is what it was, and what was added is gone.
	im, err = h.imports.TakeBack(t.Context(), h.dir, im.ID, im.Version, "导错了文件")
	if err != nil {
		t.Fatal(err)
	}
	if im.Tally[rectification.Withdrawn] != 2 {
		t.Errorf("taken back: %v", im.Tally)
	}
	if got, want := state(), "措施一罗某1201已启动 1201"; got != want {
		t.Errorf("after taking back %q, want %q", got, want)
	}
}

// TestImportElsewhere: what a ledger says of looking further (举一反三) comes with a new
// problem, differs from what stands, is updated when somebody says so, and is put back.
func TestImportElsewhere(t *testing.T) {
	t.Parallel()
	h := newImporting(t)
	file := func(says string) []byte {
		return grid(t,
			[]any{"序号", "问题类别", "反馈问题", "整改措施", "整改时限", "举一反三检查情况"},
			[]any{"1", patrol, "甲问题", "措施一", "2026-12-01", says})
	}
	stands := func() string {
		return tenantstest.RootValue[string](h.House, `
			select r.elsewhere from rectifications r join findings f on f.id = r.finding_id where f.text = '甲问题'`)
	}
	h.run(h.upload(file("排查 6 个下属单位")))
	if got := stands(); got != "排查 6 个下属单位" {
		t.Errorf("imported %q", got)
	}
	im := h.upload(file("排查 6 个下属单位，发现 2 个同类问题"))
	rows := h.rows(im.ID)
	if d := rows[0].Differences; len(d) != 1 || d[0].Field != "elsewhere" || d[0].Old != "排查 6 个下属单位" {
		t.Fatalf("differences %+v", d)
	}
	im = tenantstest.Must(h.imports.Answer(t.Context(), h.off, im.ID, im.Version, rectification.Answering{Choices: []rectification.ChoiceFor{
		{Seq: rows[0].Seq, Choice: rectification.Update},
	}}))(t)
	im = h.run(im)
	if got := stands(); got != "排查 6 个下属单位，发现 2 个同类问题" {
		t.Errorf("updated to %q", got)
	}
	if nothing := h.upload(file("")); nothing.Tally[rectification.SameRow] != 1 {
		t.Errorf("an empty cell erases: %v", nothing.Tally)
	}
	tenantstest.Must(h.imports.TakeBack(t.Context(), h.dir, im.ID, im.Version, "导错了文件"))(t)
	if got := stands(); got != "排查 6 个下属单位" {
		t.Errorf("taken back to %q", got)
	}
}

// TestTakeBack: what nobody touched is withdrawn, everything else stays and says
// why; numbers are not given out again.
func TestTakeBack(t *testing.T) {
	t.Parallel()
	h := newImporting(t)
	file := sheet(t,
		[]any{"1", patrol, "甲问题", "措施一", "罗某", "2026-12-01", "", ""},
		[]any{"2", patrol, "乙问题", "措施二", "邓某", "2026-12-01", "", ""},
		[]any{"3", patrol, "丙问题", "措施三", "石某", "2026-12-01", "", ""})
	im := h.run(h.upload(file))
	rows := h.rows(im.ID)
	progress := "已完成一半"
	m := h.read(t, *rows[1].Finding).Measures[0]
	if _, err := h.cases.EditMeasure(t.Context(), h.liaison, *rows[1].Finding, m.ID, m.Version, rectification.MeasureEdit{Progress: &progress}); err != nil {
		t.Fatal(err)
	}
	im, err := h.imports.TakeBack(t.Context(), h.dir, im.ID, im.Version, "轮次选错了")
	if err != nil {
		t.Fatal(err)
	}
	if im.State != rectification.ImportTakenBack || im.Tally[rectification.Withdrawn] != 2 || im.Tally[rectification.Kept] != 1 {
		t.Errorf("%s, %v", im.State, im.Tally)
	}
	if r := h.rows(im.ID)[1]; r.Result != rectification.Kept || r.Reason == "" {
		t.Errorf("the row that was worked on: %+v", r)
	}
	h.Do(h.DB, h.off, func(tx *tenants.Tx) error {
		var n int
		err := tx.QueryRow(t.Context(), `select count(*) from findings`).Scan(&n)
		if n != 1 {
			t.Errorf("the office sees %d findings, want the one that stays", n)
		}
		return err
	})
	if n := h.count(`select count(*) from findings`); n != 3 {
		t.Errorf("%d findings are kept, want 3", n)
	}
	again := h.run(h.upload(file))
	if again.Tally[rectification.Added] != 2 {
		t.Errorf("imported again: %v", again.Tally)
	}
	if n := h.count(`select count(distinct number) from findings`); n != 5 {
		t.Errorf("%d numbers, want 5: none is given out twice", n)
	}
}

// TestMap: columns that nobody could guess are named by a person, and the next
// ledger with the same header is read alike.
func TestMap(t *testing.T) {
	t.Parallel()
	h := newImporting(t)
	odd := func(text string) []byte {
		return grid(t, []any{"甲", "乙", "丙", "丁"}, []any{"1", text, "措施一", "2026-12-01"})
	}
	im := h.upload(odd("某问题"))
	if im.Total != 0 || im.Reading.Columns == "" {
		t.Fatalf("read %d problems; columns: %q", im.Total, im.Reading.Columns)
	}
	if _, err := h.imports.Run(t.Context(), h.off, im.ID, im.Version); inspection.CodeOf(err) != "import.empty" {
		t.Errorf("an empty import runs: %v", err)
	}
	m := im.Mapping
	m.Sheets = []rectification.MappedSheet{{Name: "Sheet1", HeaderFrom: 1, HeaderTo: 1, Columns: []rectification.MappedColumn{
		{Column: "number", Letter: "A"}, {Column: "problem", Letter: "B"}, {Column: "measure", Letter: "C"}, {Column: "due", Letter: "D"},
	}}}
	im, err := h.imports.Map(t.Context(), h.off, im.ID, im.Version, m)
	if err != nil {
		t.Fatal(err)
	}
	if im.Total != 1 || len(h.rows(im.ID)) != 1 {
		t.Fatalf("mapped, %d problems: %q", im.Total, im.Reading.Columns)
	}
	im, err = h.imports.Answer(t.Context(), h.off, im.ID, im.Version, rectification.Answering{
		Focuses: []rectification.FocusFor{{Category: "", Focus: 2}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if im = h.run(im); im.Tally[rectification.Added] != 1 {
		t.Errorf("came to %v", im.Tally)
	}
	if n := h.count(`select focus from findings`); n != 2 {
		t.Errorf("the focus is %d, want the one that was chosen", n)
	}
	again := h.upload(odd("另一问题"))
	if again.Total != 1 || len(again.Mapping.Sheets) != 1 {
		t.Errorf("the same header again: %d problems, mapping %+v", again.Total, again.Mapping)
	}
	other := h.upload(grid(t, []any{"戊", "乙", "丙", "丁"}, []any{"1", "又一问题", "措施一", "2026-12-01"}))
	if other.Total != 0 {
		t.Error("another header is read like the first")
	}
}

// TestCleanLedgers deletes what belongs to no import, and nothing else.
func TestCleanLedgers(t *testing.T) {
	t.Parallel()
	h := newImporting(t)
	im := h.upload(hekou(t))
	h.Root(`delete from import_rows`)
	kept := h.upload(hekou(t))
	h.Root(`delete from imports where id = $1`, im.ID)
	job := tenants.ForJob(h.office, "clean-files")
	if n, err := h.worker.CleanFiles(t.Context(), job, time.Hour); n != 0 || err != nil {
		t.Errorf("%d files that are not old, %v", n, err)
	}
	if n, err := h.worker.CleanFiles(t.Context(), job, 0); n != 1 || err != nil {
		t.Errorf("%d files, %v; want 1", n, err)
	}
	if _, err := h.imports.Map(t.Context(), h.off, kept.ID, kept.Version, kept.Mapping); err != nil {
		t.Errorf("a file that is needed is gone: %v", err)
	}
}
