package inspection_test

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"xuncha/inspection"
)

func TestParseDay(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"1949-10-01", "1988-06-15", "2024-02-29", "2026-10-15", "2199-12-31"} {
		if d, err := inspection.ParseDay(s); err != nil || d.String() != s {
			t.Errorf("%s is read as %s, %v", s, d, err)
		}
	}
	for _, s := range []string{
		"", "2026-2-1", "2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10", "20261015", "2026/10/15", "2026年10月15日",
		"2026-10-15T00:00:00+08:00", " 2026-10-15", "2026-10-15 ", "２０２６-10-15", "0001-01-01", "1948-12-31", "2200-01-01", "9999-12-31",
		"1970-01-01", // stands for no day, and so for an empty cell that a program turned into one
	} {
		if d, err := inspection.ParseDay(s); inspection.CodeOf(err) != "date" || inspection.KindOf(err) != inspection.Invalid || d != 0 {
			t.Errorf("%q is read as %s, %v", s, d, err)
		}
	}
}

// TestDayOf puts instants on the day it is in Shanghai, whatever zone they were
// written in.
func TestParseDays(t *testing.T) {
	t.Parallel()
	for s, want := range map[string][2]string{
		"2026-10-01..2026-10-31": {"2026-10-01", "2026-10-31"},
		"2026-10-01..2026-10-01": {"2026-10-01", "2026-10-01"},
		"2026-10-01..":           {"2026-10-01", "2199-12-31"},
		"..2026-10-31":           {"1949-01-01", "2026-10-31"},
	} {
		if first, last, err := inspection.ParseDays(s); err != nil || first.String() != want[0] || last.String() != want[1] {
			t.Errorf("%s is read as %s to %s, %v", s, first, last, err)
		}
	}
	for _, s := range []string{"", "..", "2026-10-01", "2026-10-31..2026-10-01", "2026-10-01..soon", "2026-10-01..2026-10-31..2026-11-01"} {
		if _, _, err := inspection.ParseDays(s); inspection.CodeOf(err) != "day-range" {
			t.Errorf("%q: %v, want day-range", s, err)
		}
	}
}

func TestDayOf(t *testing.T) {
	t.Parallel()
	for instant, want := range map[string]string{
		"2026-11-19T15:59:59Z":           "2026-11-19",
		"2026-11-19T16:00:00Z":           "2026-11-20",
		"2026-11-20T23:59:59.999+08:00":  "2026-11-20",
		"2026-11-21T05:59:59+14:00":      "2026-11-20",
		"2026-11-20T03:59:59.999-12:00":  "2026-11-20",
		"2026-11-20T04:00:00-12:00":      "2026-11-21",
		"1988-06-15T00:00:00+08:00":      "1988-06-15", // a summer in which clocks were put forward
		"2024-02-29T16:00:00.000000001Z": "2024-03-01",
	} {
		at, err := time.Parse(time.RFC3339Nano, instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := inspection.DayOf(at); got.String() != want {
			t.Errorf("%s is on %s, want %s", instant, got, want)
		}
		if got := inspection.Clock(func() time.Time { return at }).Today(); got.String() != want {
			t.Errorf("today at %s is %s, want %s", instant, got, want)
		}
	}
}

// TestDayKeeps draws days and takes them through everything that keeps them:
// text, JSON, the database, and instants.
func TestDayKeeps(t *testing.T) {
	t.Parallel()
	first, last := date(t, 1949, time.January, 1), date(t, 2199, time.December, 31)
	rapid.Check(t, func(t *rapid.T) {
		d := inspection.Day(rapid.Int32Range(int32(first), int32(last)).Filter(func(n int32) bool { return n != 0 }).Draw(t, "day"))
		y, m, n := d.Date()
		if got, ok := inspection.NewDay(y, m, n); !ok || got != d {
			t.Fatalf("NewDay(%d, %d, %d) = %d, %t; want %d", y, m, n, got, ok, d)
		}
		if got, err := inspection.ParseDay(d.String()); err != nil || got != d {
			t.Fatalf("%s is read as %s, %v", d, got, err)
		}
		b, err := json.Marshal(map[string]any{"on": d, "maybe": &d})
		var back struct {
			On    inspection.Day
			Maybe *inspection.Day
		}
		if err != nil || json.Unmarshal(b, &back) != nil || back.On != d || *back.Maybe != d {
			t.Fatalf("%s comes back from JSON as %+v, %v", d, back, err)
		}
		v, err := d.Value()
		var scanned inspection.Day
		if err != nil || scanned.Scan(v) != nil || scanned != d {
			t.Fatalf("%s comes back from the database as %s, %v", d, scanned, err)
		}
		begin := d.Start()
		if inspection.DayOf(begin) != d || inspection.DayOf(begin.Add(-1)) != d-1 || inspection.DayOf(begin.Add(24*time.Hour-1)) != d {
			t.Fatalf("%s does not begin at %s", d, begin)
		}
		next := begin.AddDate(0, 0, 1)
		if inspection.DayOf(next) != d+1 || (d+1).Weekday() != next.Weekday() {
			t.Fatalf("the day after %s is %s, a %s", d, d+1, (d + 1).Weekday())
		}
	})
}

// TestNoDay: the zero Day is none, on every way out and in.
func TestNoDay(t *testing.T) {
	t.Parallel()
	var none inspection.Day
	if v, err := none.Value(); v != nil || err != nil || none.String() != "" {
		t.Errorf("no day is %v and %q, %v", v, none, err)
	}
	d := day(t, "2026-10-15")
	if err := d.Scan(nil); err != nil || d != 0 {
		t.Errorf("NULL is read as %s, %v", d, err)
	}
	if err := d.Scan("2026-10-15"); err == nil {
		t.Error("a text is taken for a date")
	}
	if b, err := json.Marshal(none); string(b) != `""` || err != nil {
		t.Errorf("no day in JSON is %s, %v", b, err)
	}
	for _, in := range []string{`""`, `"2026-02-30"`, `20261015`, `{}`} {
		if err := json.Unmarshal([]byte(in), &d); err == nil {
			t.Errorf("%s is taken for %s", in, d)
		}
	}
	if d, ok := inspection.NewDay(1970, time.January, 1); ok {
		t.Errorf("1970-01-01 is the day %d, which means none", d)
	}
}

// TestNewDay compares which days there are with the Gregorian rule.
func TestNewDay(t *testing.T) {
	t.Parallel()
	lengths := [12]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
	rapid.Check(t, func(t *rapid.T) {
		y, m, n := rapid.IntRange(1940, 2210).Draw(t, "year"), rapid.IntRange(-1, 14).Draw(t, "month"), rapid.IntRange(-1, 33).Draw(t, "day")
		want := y >= 1949 && y <= 2199 && m >= 1 && m <= 12 && n >= 1 && (y != 1970 || m != 1 || n != 1)
		if want {
			length := lengths[m-1]
			if m == 2 && (y%4 == 0 && y%100 != 0 || y%400 == 0) {
				length++
			}
			want = n <= length
		}
		if d, ok := inspection.NewDay(y, time.Month(m), n); ok != want {
			t.Fatalf("NewDay(%d, %d, %d) = %s, %t; want %t", y, m, n, d, ok, want)
		}
	})
}

func TestAddMonths(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-07-10", 3, "2026-10-10"},
		{"2026-07-10", 9, "2027-04-10"},
		{"2026-08-31", 6, "2027-02-28"},
		{"2027-08-31", 6, "2028-02-29"},
		{"2026-12-31", 0, "2026-12-31"},
		{"2026-11-30", 1, "2026-12-30"},
	} {
		from, err := inspection.ParseDay(tt.from)
		if err != nil {
			t.Fatal(err)
		}
		if got := from.AddMonths(tt.n).String(); got != tt.want {
			t.Errorf("%s and %d months = %s, want %s", tt.from, tt.n, got, tt.want)
		}
	}
}

func TestClockAt(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)
	clock := inspection.ClockAt(at)
	first, second := clock(), clock()
	if first.Before(at) || second.Before(first) || second.Sub(at) > time.Minute || first.Location() != inspection.Zone {
		t.Errorf("set to %s, the clock says %s and %s", at, first, second)
	}
	if now := inspection.SystemClock(); now.Location() != inspection.Zone || time.Since(now) > time.Minute {
		t.Errorf("the machine's clock says %s", now)
	}
}
