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

// TestKeptBesideBroken: a page that cannot be rendered is dropped, and does not keep
// the others as they were.
func TestKeptBesideBroken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sound, broken, gone := w.published("县民政局党组", 3), w.published("县教育局党组", 2), w.published("县供销社党组", 2)
	if err := w.site.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.Root(`update publications set article = convert_to(replace(convert_from(article, 'utf8'), '已完成', '正在推进'), 'utf8') where number = $1`, broken.Number)
	w.must(w.svc.Withdraw(t.Context(), w.person(tenants.DIR), gone.ID, disclosure.Retraction{Edition: 1, Reason: "内容有误"}))
	if err := w.site.CatchUp(t.Context()); err == nil || !strings.Contains(err.Error(), broken.Number) {
		t.Errorf("the log says %v", err)
	}
	w.site.StaysCurrent()
	w.Root(`delete from withdrawals where number = $1`, gone.Number) // what follows is from memory
	for number, want := range map[string]int{sound.Number: http.StatusOK, broken.Number: http.StatusServiceUnavailable, gone.Number: http.StatusGone} {
		if a := w.get(w.base + "/zg/" + number); a.status != want {
			t.Errorf("%s = %d, want %d", number, a.status, want)
		}
	}
}
