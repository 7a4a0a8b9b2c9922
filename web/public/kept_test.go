package public_test

import (
	"net/http"
	"strings"
	"testing"

	"xuncha/inspection/disclosure"
	"xuncha/tenants"
)

// TestKept: while nothing was seen to change, the database is not asked; once it was,
// nothing older is served, be it of a page that was rendered anew or of another one.
func TestKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.published("县民政局党组", 3)
	paths := []string{w.base + "/zg/" + d.Number, w.base + "/zg/" + d.Number + "?size=l", w.base + "/list", w.base + "/list?year=2026"}
	look := func() {
		t.Helper()
		if err := w.site.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.site.StaysCurrent()
	}
	shown := func(when string, want bool) {
		t.Helper()
		for _, path := range paths {
			if a := w.get(path); (a.status == http.StatusOK && strings.Contains(a.body, "民政局")) != want {
				t.Errorf("%s: %s = %d, shown %t", when, path, a.status, !want)
			}
		}
	}
	look()
	shown("published", true) // the last of them is read only now
	w.must(w.svc.Withdraw(t.Context(), w.person(tenants.DIR), d.ID, disclosure.Retraction{Edition: 1, Reason: "内容有误"}))
	shown("withdrawn, not yet seen", true)
	look()
	shown("withdrawn", false)
}
