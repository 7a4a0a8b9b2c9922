package tenantstest

import (
	"testing"

	"xuncha/inspection"
)

// Must fails the test on an error: Must(f())(t).
func Must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// Wants fails the test unless err is of this kind and code.
func Wants(t testing.TB, err error, kind inspection.Kind, code string) {
	t.Helper()
	if inspection.KindOf(err) != kind || inspection.CodeOf(err) != code {
		t.Errorf("err = %v (kind %d), want kind %d %s", err, inspection.KindOf(err), kind, code)
	}
}

// Day reads a day: 2026-10-15.
func Day(t testing.TB, s string) inspection.Day {
	t.Helper()
	return Must(inspection.ParseDay(s))(t)
}
