package rectification_test

import (
	"strings"
	"testing"

	"xuncha/inspection/rectification"
	"xuncha/tenants/tenantstest"
)

// TestImportByNumber: a corrected ledger that gives our numbers is about what stands,
// however the number is written; that its text differs is shown and changes nothing.
// A mistyped number swallows no problem.
func TestImportByNumber(t *testing.T) {
	t.Parallel()
	h := newImporting(t)
	im := h.run(h.upload(sheet(t, []any{"1", patrol, "甲问题", "措施一", "罗某", "2026-12-01", "", ""})))
	number := h.rows(im.ID)[0].Number
	uploaded := func(number, text, leader string) (rectification.Import, rectification.ImportRow, string) {
		im := h.upload(sheet(t, []any{number, patrol, text, "措施一", leader, "2026-12-01", "", ""}))
		r := h.rows(im.ID)[0]
		var fields []string
		for _, d := range r.Differences {
			fields = append(fields, d.Field)
		}
		return im, r, strings.Join(fields, " ")
	}
	for _, written := range []string{number, strings.ToLower(number)} {
		_, r, fields := uploaded(written, "甲问题（已更正）", "石某")
		if r.Verdict != rectification.ChangedRow || r.Number != number || r.Problem.Number != written || fields != "text 1/leader" {
			t.Errorf("%s is read as %s and is %s %s, differing in %q", written, r.Problem.Number, r.Verdict, r.Number, fields)
		}
	}
	if _, r, _ := uploaded(number+"9", "甲问题（已更正）", "石某"); r.Verdict != rectification.NewRow {
		t.Errorf("a number that nobody has is %s", r.Verdict)
	}
	im, _, _ = uploaded(number, "甲问题（已更正）", "石某")
	im = tenantstest.Must(h.imports.Answer(t.Context(), h.off, im.ID, im.Version, rectification.Answering{
		Choices: []rectification.ChoiceFor{{Seq: 1, Choice: rectification.Update}},
	}))(t)
	if im = h.run(im); im.Tally[rectification.Updated] != 1 {
		t.Errorf("came to %v", im.Tally)
	}
	if got := tenantstest.RootValue[string](h.House, `
		select string_agg(f.text || m.leader, ' ') from findings f join measures m on m.finding_id = f.id`); got != "甲问题石某" {
		t.Errorf("after the update %q", got)
	}
	im, r, fields := uploaded(number, "乙问题", "")
	if r.Verdict != rectification.ChangedRow || fields != "text" || im.Tally[rectification.SameRow] != 0 {
		t.Errorf("another problem under the number is %s, differing in %q", r.Verdict, fields)
	}
}
