package api_test

import (
	"strconv"
	"strings"
	"testing"

	"xuncha/api"
)

// TestRate sends as fast as it can from one session (BI-052): it is told to wait,
// and nobody else is.
func TestRate(t *testing.T) {
	t.Parallel()
	e := newEcho(t, func(s *api.Services) { s.Rate = 20 })
	get := func(headers ...string) (int, string, string) {
		status, answer, h := e.send(t, "GET", "/v1/offices/{office}/count", "", headers...)
		return status, answer, h.Get("Retry-After")
	}
	refused := 0
	for range 200 {
		status, answer, after := get()
		switch {
		case status == 200:
		case status == 429 && strings.Contains(answer, "too-many-requests") && after == "1":
			refused++
		default:
			t.Fatalf("answer = %d %s, Retry-After %q", status, answer, after)
		}
	}
	if refused == 0 || refused > 160 {
		t.Errorf("%d of 200 were refused, want some, and not those that the allowance covers", refused)
	}
	for name, headers := range map[string][]string{
		"another key": {"Authorization", "Bearer other"},
		"a session":   {"Authorization", "", "Cookie", "xuncha=good"},
	} {
		if status, answer, _ := get(headers...); status != 200 {
			t.Errorf("%s = %d %s while somebody else sends too much", name, status, answer)
		}
	}
	if status, _, _ := get("Authorization", ""); status != 401 {
		t.Errorf("nobody = %d, want 401: an address has its own allowance", status)
	}
}

// TestRateForgets sends from more senders than are remembered: memory is bounded,
// and a sender who goes on sending is not forgotten.
func TestRateForgets(t *testing.T) {
	t.Parallel()
	l := api.NewLimiter(1)
	for n := range 5 * api.Generation {
		l.Allow("made up " + strconv.Itoa(n))
		if n%100 == 0 {
			l.Allow("the wild one")
		}
	}
	if n := l.Remembered(); n > 2*api.Generation {
		t.Errorf("%d senders are remembered", n)
	}
	if l.Allow("the wild one") {
		t.Error("a sender who never stopped has a fresh allowance")
	}
	if !l.Allow("a newcomer") {
		t.Error("a newcomer is refused")
	}
}

// TestNoRate is what the benchmark runs under.
func TestNoRate(t *testing.T) {
	t.Parallel()
	if l := api.NewLimiter(0); !l.Allow("anybody") {
		t.Error("0 refuses")
	}
}
