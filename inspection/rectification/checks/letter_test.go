package checks_test

import (
	"strings"
	"testing"

	"xuncha/tenants/tenantstest"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/rectification/checks"
	"xuncha/tenants"
)

// TestLetter sends a letter after a visit, reads it as those may who may, and
// answers it once.
func TestLetter(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.agreed(t, checks.Partial)
	ask := checks.Confirming{Outcome: checks.Urge, Note: "请于两周内补齐巡查记录。"}
	unproven := tenants.ForGrant(tenants.Acting{Office: h.dir.Office(), Member: h.dir.Member(), Grant: h.dir.Grant(), Name: h.dir.Name(), Role: tenants.DIR})
	_, err := h.Confirm(t.Context(), unproven, v.ID, v.Version, ask)
	tenantstest.Wants(t, err, inspection.Forbidden, "step-up-required")
	tenantstest.Must(h.Confirm(t.Context(), h.dir, v.ID, v.Version, ask))(t)

	l := tenantstest.Must(h.Letter(t.Context(), h.liaison, v.ID))(t)
	if l.Text.Number != "某巡办检〔2026〕1号" || l.Text.Ask != ask.Note || l.Text.AnswerOn == nil || !l.Intact || !l.MayAnswer {
		t.Errorf("the letter is %+v", l)
	}
	if body := strings.Join(l.Text.Body, ""); !strings.Contains(body, "第一轮督导检查，结论为“部分”") || !strings.Contains(body, "现场仍有积水") {
		t.Errorf("the letter says %s", body)
	}
	other := h.As(h.office, tenants.UNIT, h.other)
	for who, s := range map[string]tenants.Scope{"another unit": other, "a sibling county": h.As(h.County[0][1], tenants.DIR)} {
		if _, err := h.Letter(t.Context(), s, v.ID); inspection.KindOf(err) != inspection.NotFound {
			t.Errorf("%s reads the letter: %v", who, err)
		}
		if _, err := h.AnswerLetter(t.Context(), s, v.ID, "已落实。"); err == nil {
			t.Errorf("%s answers the letter", who)
		}
	}
	_, err = h.AnswerLetter(t.Context(), h.off, v.ID, "已落实。")
	tenantstest.Wants(t, err, inspection.Forbidden, "forbidden")
	_, err = h.AnswerLetter(t.Context(), h.liaison, v.ID, " ")
	tenantstest.Wants(t, err, inspection.Invalid, "check.invalid")
	l = tenantstest.Must(h.AnswerLetter(t.Context(), h.liaison, v.ID, "巡查记录已补齐。"))(t)
	if l.Answer != "巡查记录已补齐。" || l.AnsweredBy != h.liaison.Name() || l.MayAnswer {
		t.Errorf("answered, it is %+v", l)
	}
	_, err = h.AnswerLetter(t.Context(), h.As(h.office, tenants.HEAD, h.unit), v.ID, "再次回复。")
	tenantstest.Wants(t, err, inspection.Conflict, "check.answered")
	if rs := tenantstest.Must(h.Results(t.Context(), h.off, v.FindingID))(t); rs[0].Number != l.Text.Number || rs[0].AnsweredAt == nil {
		t.Errorf("the item's page says %+v", rs)
	}

	// Past all Go: the office does not answer for a unit, and nobody changes a letter or an answer.
	h.Root(`delete from check_answers`)
	insert := `insert into check_answers (visit_id, unit_id, text, answered_by, answered_at)
		select visit_id, unit_id, 'x', 'x', now() from check_results`
	for _, tt := range []struct {
		as   tenants.Scope
		sql  string
		want bool
	}{
		{h.dir, insert, false},
		{other, insert, false},
		{h.dir, `update check_answers set text = 'x'`, false},
		{h.dir, `update check_results set letter = '{}'`, false},
		{h.liaison, insert, true},
	} {
		err := h.House.DB.In(t.Context(), tt.as, func(tx *tenants.Tx) error {
			tag, err := tx.Exec(t.Context(), tt.sql)
			if done := err == nil && tag.RowsAffected() > 0; done != tt.want {
				t.Errorf("%s does %s: %v", tt.as.Name(), tt.sql, err)
			}
			return errUndo
		})
		if err == nil {
			t.Error("it was not undone")
		}
	}
}

// TestEveryByte changes a letter that was sent byte by byte: it is not what was
// sent any more to the service and to the command that verifies, and nobody answers it.
func TestEveryByte(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	v := h.agreed(t, checks.Partial)
	tenantstest.Must(h.Confirm(t.Context(), h.dir, v.ID, v.Version, checks.Confirming{Outcome: checks.Urge, Note: "请补齐。"}))(t)
	holds := func(what string, want int) {
		t.Helper()
		tenantstest.Holds(t, h.House.DB, h.office, what, want, checks.Sealed)
	}
	holds("as sent", 1)
	n := tenantstest.EveryByte(h.House, "check_results", "letter", 3, func(changed string) {
		l, err := h.Letter(t.Context(), h.off, v.ID)
		if err == nil && l.Intact {
			t.Errorf("intact with %s", changed)
		}
		holds(changed, 0)
	})
	h.Root(`update check_results set letter = letter || '{"body": ["别的。"]}'`)
	_, err := h.AnswerLetter(t.Context(), h.liaison, v.ID, "已补齐。")
	tenantstest.Wants(t, err, inspection.Conflict, "letter.altered")
	if tenantstest.RootValue[int](h.House, `select count(*) from check_answers`) != 0 {
		t.Error("it is answered all the same")
	}
	t.Logf("R-27: letters of checks: %d changes of one byte, all refused", n)
}

// TestTasks follows one visit from desk to desk.
func TestTasks(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.opened(t)
	people := map[string]tenants.Scope{"mem": h.mem, "disc": h.disc, "dir": h.dir, "off": h.off, "unit": h.liaison}
	want := func(when string, todo map[string]string) {
		t.Helper()
		got := map[string]string{}
		for who, s := range people {
			h.Do(h.House.DB, s, func(tx *tenants.Tx) error {
				tasks, err := h.Tasks(t.Context(), tx)
				for _, task := range tasks {
					got[who] += task.Verb + " " + task.Kind
				}
				return err
			})
		}
		if diff := cmp.Diff(todo, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
	}
	want("drawn", map[string]string{})
	v := h.assigned(t, h.first(t))
	want("assigned", map[string]string{"mem": "检查 visit", "disc": "检查 visit"})
	v = tenantstest.Must(h.Report(t.Context(), h.mem, v.ID, v.Version, report(checks.Unchanged)))(t)
	want("reported", map[string]string{"disc": "核对 visit"})
	v = tenantstest.Must(h.Agree(t.Context(), h.disc, v.ID, v.Version))(t)
	want("agreed", map[string]string{"dir": "确认 visit"})
	tenantstest.Must(h.Confirm(t.Context(), h.dir, v.ID, v.Version, checks.Confirming{Outcome: checks.Urge, Note: "请清理。"}))(t)
	want("confirmed", map[string]string{"unit": "回复 check-letter"})
	h.Clock = inspection.ClockAt(tenantstest.Now.AddDate(0, 2, 0))
	want("unanswered after its day", map[string]string{"unit": "回复 check-letter", "off": "催复 check-letter", "dir": "催复 check-letter"})
	tenantstest.Must(h.AnswerLetter(t.Context(), h.liaison, v.ID, "已清理。"))(t)
	want("answered", map[string]string{})
}
