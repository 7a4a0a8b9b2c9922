package doubts_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection/rectification/doubts"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// TestTasks follows the signals of one item: the unit is asked for its word, two
// persons for their conclusion, and nobody twice.
func TestTasks(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, second := h.fake(t)
	all := h.look(t, second.ID)
	h.now = tenantstest.Now // when everybody proved who they are
	people := map[string]tenants.Scope{"unit": h.liaisons[0], "other": h.liaisons[1], "off": h.off, "disc": h.disc, "dir": h.dir}
	want := func(when string, todo map[string]string) {
		t.Helper()
		got := map[string]string{}
		for who, s := range people {
			h.Do(h.DB, s, func(tx *tenants.Tx) error {
				tasks, err := h.doubts.Tasks(t.Context(), tx)
				for _, task := range tasks {
					got[who] += task.Verb + " " + task.Number
				}
				return err
			})
		}
		if diff := cmp.Diff(todo, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
	}
	n := second.Number
	want("found", map[string]string{"unit": "说明 " + n, "off": "核查 " + n, "disc": "核查 " + n})
	each := func(do func(d doubts.Doubt) (doubts.Doubt, error)) {
		t.Helper()
		for i := range all {
			all[i] = tenantstest.Must(do(all[i]))(t)
		}
	}
	each(func(d doubts.Doubt) (doubts.Doubt, error) {
		return h.doubts.Answer(t.Context(), h.liaisons[0], d.ID, d.Version, doubts.Answering{Text: "同一地点，误传。"})
	})
	want("answered", map[string]string{"off": "核查 " + n, "disc": "核查 " + n})
	each(func(d doubts.Doubt) (doubts.Doubt, error) {
		return h.doubts.Check(t.Context(), h.off, d.ID, d.Version, checking(doubts.Right))
	})
	want("one has looked", map[string]string{"disc": "核查 " + n})
	each(func(d doubts.Doubt) (doubts.Doubt, error) {
		return h.doubts.Check(t.Context(), h.disc, d.ID, d.Version, checking(doubts.Right))
	})
	want("decided", map[string]string{})
}
