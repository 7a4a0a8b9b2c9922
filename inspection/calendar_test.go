package inspection_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"xuncha/inspection"
)

// holiday is one line of a State Council notice: free from one day to the other.
type holiday struct{ name, from, to string }

// notices are the holiday notices of the State Council's General Office, written
// down from their text: the days between from and to are free whatever weekday
// they are, the make-up days (调休) are worked, and Monday to Friday holds for the
// rest of the year.
var notices = []struct {
	year         int
	number       string // 发文字号
	holidays     []holiday
	makeUp       []string
	free, worked int // holidays of the notice in days; working days of the year
}{
	{
		2024, "国办发明电〔2023〕7号",
		[]holiday{
			{"元旦", "2024-01-01", "2024-01-01"},
			{"春节", "2024-02-10", "2024-02-17"},
			{"清明节", "2024-04-04", "2024-04-06"},
			{"劳动节", "2024-05-01", "2024-05-05"},
			{"端午节", "2024-06-10", "2024-06-10"},
			{"中秋节", "2024-09-15", "2024-09-17"},
			{"国庆节", "2024-10-01", "2024-10-07"},
		},
		[]string{"2024-02-04", "2024-02-18", "2024-04-07", "2024-04-28", "2024-05-11", "2024-09-14", "2024-09-29", "2024-10-12"},
		28, 251,
	},
	{
		2025, "国办发明电〔2024〕12号",
		[]holiday{
			{"元旦", "2025-01-01", "2025-01-01"},
			{"春节", "2025-01-28", "2025-02-04"},
			{"清明节", "2025-04-04", "2025-04-06"},
			{"劳动节", "2025-05-01", "2025-05-05"},
			{"端午节", "2025-05-31", "2025-06-02"},
			{"国庆节、中秋节", "2025-10-01", "2025-10-08"},
		},
		[]string{"2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"},
		28, 248,
	},
	{
		2026, "国办发明电〔2025〕7号",
		[]holiday{
			{"元旦", "2026-01-01", "2026-01-03"},
			{"春节", "2026-02-15", "2026-02-23"},
			{"清明节", "2026-04-04", "2026-04-06"},
			{"劳动节", "2026-05-01", "2026-05-05"},
			{"端午节", "2026-06-19", "2026-06-21"},
			{"中秋节", "2026-09-25", "2026-09-27"},
			{"国庆节", "2026-10-01", "2026-10-07"},
		},
		[]string{"2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"},
		33, 248,
	},
}

// TestPublishedCalendar compares every day of the published years with the
// notices, and the sums with those that are known of each year.
func TestPublishedCalendar(t *testing.T) {
	t.Parallel()
	cal := inspection.PublishedCalendar()
	if years := cal.Years(); len(years) != len(notices) || years[0] != notices[0].year {
		t.Errorf("the calendar has the years %v; the test has notices of %d years", years, len(notices))
	}
	if v := cal.Version(); v != "gov-2026" {
		t.Errorf("version %s", v)
	}
	for _, n := range notices {
		t.Run(n.number, func(t *testing.T) {
			t.Parallel()
			want := map[inspection.Day]bool{}
			free := 0
			for _, h := range n.holidays {
				for d := day(t, h.from); d <= day(t, h.to); d++ {
					want[d] = false
					free++
				}
			}
			for _, s := range n.makeUp {
				d := day(t, s)
				if _, taken := want[d]; taken || d.Weekday() != time.Saturday && d.Weekday() != time.Sunday {
					t.Errorf("%s is made up for on a %s that is not free anyway", s, d.Weekday())
				}
				want[d] = true
			}
			worked := 0
			for d := date(t, n.year, time.January, 1); d <= date(t, n.year, time.December, 31); d++ {
				works, ruled := want[d]
				if !ruled {
					works = d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
				}
				got, known := cal.Working(d)
				if got != works || !known {
					t.Errorf("%s: working %t, known %t; want %t, true", d, got, known, works)
				}
				if got {
					worked++
				}
			}
			if free != n.free || worked != n.worked {
				t.Errorf("%d days of holidays and %d working days, want %d and %d", free, worked, n.free, n.worked)
			}
		})
	}
}

// TestAdd counts working days over holidays and make-up days; the first day is
// not counted.
func TestAdd(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, from  string
		n           int
		want        string
		provisional bool
	}{
		{"over a weekend", "2026-11-20", 1, "2026-11-23", false},
		{"none", "2026-11-21", 0, "2026-11-21", false},
		{"over National Day", "2026-09-30", 1, "2026-10-08", false},
		{"a Saturday that is made up for", "2026-10-08", 2, "2026-10-10", false},
		{"five over National Day and its Saturday", "2026-09-30", 5, "2026-10-13", false},
		{"five over Spring Festival and both its Saturdays", "2026-02-12", 5, "2026-02-26", false},
		{"from a Sunday that is worked", "2026-09-20", 1, "2026-09-21", false},
		{"into a year that was published later", "2025-12-31", 1, "2026-01-04", false},
		{"into a year that nobody published", "2026-12-31", 1, "2027-01-01", true},
		{"a year before the first notice", "2023-12-28", 2, "2024-01-02", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cal := inspection.PublishedCalendar()
			got, provisional := cal.Add(day(t, tt.from), tt.n)
			if got.String() != tt.want || provisional != tt.provisional {
				t.Errorf("%s + %d = %s, provisional %t; want %s, %t", tt.from, tt.n, got, provisional, tt.want, tt.provisional)
			}
			if n, p := cal.Between(day(t, tt.from), got); n != tt.n || p != tt.provisional {
				t.Errorf("%d working days up to it, provisional %t", n, p)
			}
		})
	}
}

func TestOnOrAfter(t *testing.T) {
	t.Parallel()
	cal := inspection.PublishedCalendar()
	for from, want := range map[string]string{
		"2026-11-14": "2026-11-16", // a Saturday: the ladder's T+30 of UX §5.6
		"2026-10-10": "2026-10-10", // a Saturday that is worked
		"2026-10-01": "2026-10-08",
		"2026-02-15": "2026-02-24",
	} {
		if got, provisional := cal.OnOrAfter(day(t, from)); got.String() != want || provisional {
			t.Errorf("on or after %s: %s, provisional %t; want %s", from, got, provisional, want)
		}
	}
	if got, provisional := cal.OnOrAfter(day(t, "2027-01-02")); !provisional {
		t.Errorf("%s is certain, though 2027 is not published", got)
	}
}

// TestCalendarCounts holds what counting must obey from any day over any number
// of days, within and beyond the published years.
func TestCalendarCounts(t *testing.T) {
	t.Parallel()
	cal := inspection.PublishedCalendar()
	first, last := date(t, 2023, time.June, 1), date(t, 2027, time.June, 30)
	rapid.Check(t, func(t *rapid.T) {
		from := inspection.Day(rapid.Int32Range(int32(first), int32(last)).Draw(t, "from"))
		n := rapid.IntRange(1, 60).Draw(t, "n")
		to, provisional := cal.Add(from, n)
		if works, _ := cal.Working(to); !works || to <= from {
			t.Fatalf("%s + %d = %s, which is not a working day after it", from, n, to)
		}
		if got, _ := cal.Between(from, to); got != n {
			t.Fatalf("%s + %d = %s, but %d working days lie between", from, n, to, got)
		}
		unknown := false
		for d := from + 1; d <= to; d++ {
			year, _, _ := d.Date()
			unknown = unknown || year < 2024 || year > 2026
		}
		if provisional != unknown {
			t.Fatalf("%s + %d = %s: provisional %t, want %t", from, n, to, provisional, unknown)
		}
		k := rapid.IntRange(0, n).Draw(t, "k")
		mid, _ := cal.Add(from, k)
		if got, _ := cal.Add(mid, n-k); got != to {
			t.Fatalf("%s + %d + %d = %s, want %s", from, k, n-k, got, to)
		}
		on, _ := cal.OnOrAfter(from)
		if works, _ := cal.Working(from); works != (on == from) {
			t.Fatalf("on or after %s, which is worked or not (%t): %s", from, works, on)
		}
		if got, _ := cal.Between(from-1, on); got != 1 {
			t.Fatalf("%s is not the first working day from %s on", on, from)
		}
		if got, p := cal.Between(to, from); got != 0 || p {
			t.Fatalf("%d working days backwards, provisional %t", got, p)
		}
	})
}

func day(t testing.TB, s string) inspection.Day {
	t.Helper()
	d, err := inspection.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func date(t testing.TB, y int, m time.Month, d int) inspection.Day {
	t.Helper()
	on, ok := inspection.NewDay(y, m, d)
	if !ok {
		t.Fatalf("there is no %d-%d-%d", y, m, d)
	}
	return on
}
