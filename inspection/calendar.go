package inspection

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Calendar knows the working days of the years that were published. Holidays
// and make-up days (调休) are decided year by year; for a year that was not
// published nobody can say what is a working day, and Calendar says so instead
// of falling back to Monday to Friday.
type Calendar struct {
	version string
	years   map[int]bool
	off     map[Day]bool // weekdays that are free
	work    map[Day]bool // weekend days that are worked
}

// CalendarYear is what was published for one year.
type CalendarYear struct {
	Year   int    `json:"year"`
	Source string `json:"source"` // who published it, and when
	Off    []Day  `json:"off"`    // weekdays that are free
	Work   []Day  `json:"work"`   // weekend days that are worked
}

// NewCalendar returns a calendar of these years.
func NewCalendar(version string, years ...CalendarYear) *Calendar {
	c := &Calendar{version: version, years: map[int]bool{}, off: map[Day]bool{}, work: map[Day]bool{}}
	for _, y := range years {
		c.years[y.Year] = true
		for _, d := range y.Off {
			c.off[d] = true
		}
		for _, d := range y.Work {
			c.work[d] = true
		}
	}
	return c
}

//go:embed calendars/*.json
var published embed.FS

// PublishedCalendar returns the calendar shipped with this release: the
// State Council's holiday notices (国务院办公厅节假日安排) of the years it names.
func PublishedCalendar() *Calendar {
	names, err := published.ReadDir("calendars")
	if err != nil {
		panic(err) // the files are part of the program
	}
	var years []CalendarYear
	for _, n := range names {
		b, err := published.ReadFile("calendars/" + n.Name())
		if err != nil {
			panic(err)
		}
		var y CalendarYear
		if err := json.Unmarshal(b, &y); err != nil {
			panic(fmt.Errorf("calendar %s: %w", n.Name(), err))
		}
		years = append(years, y)
	}
	return NewCalendar(fmt.Sprintf("gov-%d", years[len(years)-1].Year), years...)
}

// Version names this calendar; a deadline stores it.
func (c *Calendar) Version() string { return c.version }

// Years lists the years that were published, in order.
func (c *Calendar) Years() []int { return slices.Sorted(maps.Keys(c.years)) }

// Working reports whether d is a working day, and whether the calendar of d's
// year was published at all: if not, the answer is provisional.
func (c *Calendar) Working(d Day) (working, known bool) {
	known = c.years[d.utc().Year()]
	switch {
	case c.off[d]:
		return false, known
	case c.work[d]:
		return true, known
	}
	wd := d.Weekday()
	return wd != time.Saturday && wd != time.Sunday, known
}

// OnOrAfter returns the first working day from d on. It is provisional when it
// had to look at a year that was not published.
func (c *Calendar) OnOrAfter(d Day) (day Day, provisional bool) {
	for {
		working, known := c.Working(d)
		provisional = provisional || !known
		if working {
			return d, provisional
		}
		d++
	}
}

// Add returns the day n working days after d; d itself is not counted.
func (c *Calendar) Add(d Day, n int) (day Day, provisional bool) {
	for n > 0 {
		d++
		working, known := c.Working(d)
		provisional = provisional || !known
		if working {
			n--
		}
	}
	return d, provisional
}

// Between counts the working days after from up to and including to.
func (c *Calendar) Between(from, to Day) (n int, provisional bool) {
	for d := from + 1; d <= to; d++ {
		working, known := c.Working(d)
		provisional = provisional || !known
		if working {
			n++
		}
	}
	return n, provisional
}
