package inspection

import (
	"database/sql/driver"
	"fmt"
	"strings"
	"time"
)

// Zone is the one time zone of the field: days begin and end in it.
var Zone = time.FixedZone("Asia/Shanghai", 8*60*60)

// Clock tells the time. The demo and the tests run on a shifted one.
type Clock func() time.Time

// Today returns the day it is in [Zone].
func (c Clock) Today() Day { return DayOf(c()) }

// SystemClock is the machine's clock.
func SystemClock() time.Time { return time.Now().In(Zone) }

// ClockAt returns a clock that stands at t when it is made and runs from there.
func ClockAt(t time.Time) Clock {
	started := time.Now()
	return func() time.Time { return t.Add(time.Since(started)).In(Zone) }
}

// Day is a calendar day without time or zone, counted from 1970-01-01. The zero
// Day means none: nothing in this field happened that day. Days compare with <
// and move with +.
type Day int32

// DayOf returns the day on which t falls in [Zone].
func DayOf(t time.Time) Day {
	y, m, d := t.In(Zone).Date()
	return dayOf(y, m, d)
}

// NewDay returns the day y-m-d, and false if there is no such day, if the year is
// not between 1949 and 2199, or if it is 1970-01-01: that stands for none, and is
// what programs make of an empty cell.
func NewDay(y int, m time.Month, d int) (Day, bool) {
	t := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	if t.Year() != y || t.Month() != m || t.Day() != d || y < 1949 || y > 2199 {
		return 0, false
	}
	day := dayOf(y, m, d)
	return day, day != 0
}

// ParseDay reads "2026-10-15".
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err == nil {
		if d, ok := NewDay(t.Date()); ok {
			return d, nil
		}
	}
	return 0, Errorf(Invalid, "date", "日期应写成 2026-10-15 的样子。")
}

// ParseDays reads a range of days in which both ends count, "2026-10-01..2026-10-31".
// Either end may be left out, not both; the first is not after the last.
func ParseDays(s string) (first, last Day, err error) {
	from, to, found := strings.Cut(s, "..")
	first, last = dayOf(1949, 1, 1), dayOf(2199, 12, 31)
	var err1, err2 error
	if from != "" {
		first, err1 = ParseDay(from)
	}
	if to != "" {
		last, err2 = ParseDay(to)
	}
	if !found || from+to == "" || err1 != nil || err2 != nil || last < first {
		return 0, 0, Errorf(Invalid, "day-range", "日期范围应写成 2026-10-01..2026-10-31，起止不能颠倒。")
	}
	return first, last, nil
}

func dayOf(y int, m time.Month, d int) Day {
	return Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// Date returns the parts of d.
func (d Day) Date() (year int, month time.Month, day int) { return d.utc().Date() }

// Weekday returns the day of the week.
func (d Day) Weekday() time.Weekday { return d.utc().Weekday() }

// AddMonths returns the same day n months later, or the last day of that month where
// it has no such day.
func (d Day) AddMonths(n int) Day {
	y, m, day := d.Date()
	months := y*12 + int(m) - 1 + n
	for {
		if later, ok := NewDay(months/12, time.Month(months%12+1), day); ok {
			return later
		}
		day--
	}
}

// Start returns the first instant of d in [Zone].
func (d Day) Start() time.Time {
	y, m, day := d.Date()
	return time.Date(y, m, day, 0, 0, 0, 0, Zone)
}

// String returns "2026-10-15", or "" for the zero Day.
func (d Day) String() string {
	if d == 0 {
		return ""
	}
	return d.utc().Format(time.DateOnly)
}

// Long returns a day as documents write it: "2026年10月15日" (GB/T 9704-2012 §7.3.5.4:
// Arabic figures, no leading zeros).
func (d Day) Long() string {
	y, m, day := d.Date()
	return fmt.Sprintf("%d年%d月%d日", y, m, day)
}

func (d Day) utc() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// MarshalText writes "2026-10-15".
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads "2026-10-15".
func (d *Day) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDay(string(b))
	return err
}

// Value gives the database a date, or NULL for the zero Day.
func (d Day) Value() (driver.Value, error) {
	if d == 0 {
		return nil, nil
	}
	return d.utc(), nil
}

// Scan takes a date from the database; NULL becomes the zero Day.
func (d *Day) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = 0
	case time.Time:
		*d = dayOf(v.Date())
	default:
		return fmt.Errorf("scan a day from %T", src)
	}
	return nil
}
