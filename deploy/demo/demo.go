// Package demo fills an empty service with an invented story: a province, two
// cities and six counties, their people, and ledgers whose numbers add up.
//
// Nothing in it is real: places, people, units, numbers and texts are made up,
// and region codes begin with 99, which no region uses. Everything stands
// relative to one clock, so that "overdue by 36 days" stays true. The same input
// gives the same rows: there is no chance in it.
package demo

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"xuncha/inspection"
	"xuncha/tenants"
)

//go:embed data/*.json data/*.xlsx
var data embed.FS

// Clock is where the demo's clock stands when it starts: a Friday.
var Clock = time.Date(2026, 11, 20, 10, 0, 0, 0, inspection.Zone)

// Calendar is the demo's calendar of working days: Saturdays, Sundays and the
// first week of October are free. It is not the official one.
func Calendar() *inspection.Calendar {
	year := inspection.CalendarYear{Year: 2026, Source: "演示日历"}
	for d := 1; d <= 7; d++ {
		if day, _ := inspection.NewDay(2026, time.October, d); day.Weekday() != time.Saturday && day.Weekday() != time.Sunday {
			year.Off = append(year.Off, day)
		}
	}
	return inspection.NewCalendar("demo-2026", year, inspection.CalendarYear{Year: 2027, Source: "演示日历"})
}

// Person is one of the demo's cast.
type Person struct {
	Login  string       `json:"login"` // at the portal
	Name   string       `json:"name"`
	Office string       `json:"office"` // slug
	Role   tenants.Role `json:"role"`
	Post   string       `json:"post"`
	Unit   string       `json:"unit"` // for people of an inspected unit
}

// Cast lists the people who can sign on.
func Cast() []Person { return read[[]Person]("cast.json") }

// Office is one office of the story.
type Office struct {
	Code   string `json:"code"`
	Slug   string `json:"slug"`
	Level  string `json:"level"`
	Parent string `json:"parent"`
	Name   string `json:"name"`
	Full   string `json:"office"`
	Short  string `json:"short"`
	Prefix string `json:"prefix"`
	Phone  string `json:"phone"`
	Round  *struct {
		Term     int            `json:"term"`
		Seq      int            `json:"seq"`
		Name     string         `json:"name"`
		StartsOn inspection.Day `json:"starts_on"`
		EndsOn   inspection.Day `json:"ends_on"`
	} `json:"round"`
	Ledger *Ledger         `json:"ledger"`
	Policy json.RawMessage `json:"policy"` // what it decides for itself and those below
}

// OrgCode is the portal's code of an office.
func (o Office) OrgCode() string { return "ORG" + o.Code }

// Ledger says what the ledger of an office adds up to.
type Ledger struct {
	FeedbackOn  inspection.Day `json:"feedback_on"`
	Focus       [4]int         `json:"focus"`   // findings of each of the four focuses
	OnTime      int            `json:"on_time"` // closed by their due date
	Late        int            `json:"late"`    // closed after it
	Planned     int            `json:"planned"` // units to inspect in this term (应巡)
	Inspected   int            `json:"inspected"`
	Tagged      int            `json:"tagged"`       // findings of the common issue
	TaggedUnits int            `json:"tagged_units"` // units that have them

	// OverdueSince are the last days of the overdue findings, in the order of the
	// ledger, where the story names them.
	OverdueSince []inspection.Day `json:"overdue_since"`
	Units        []Unit           `json:"units"`
}

// Unit says what the findings of one unit add up to.
type Unit struct {
	Name     string `json:"name"`
	Team     int    `json:"team"`
	Problems int    `json:"problems"`
	States   [6]int `json:"states"` // open, working, submitted, returned, long-term, closed
	Overdue  int    `json:"overdue"`

	Outcome Outcome `json:"outcome"` // none if the story does not name it
}

// Outcome says what came of the findings of one unit.
type Outcome struct {
	Tasks     int   `json:"tasks"`
	Made      int   `json:"rules_made"`
	Amended   int   `json:"rules_amended"`
	Recovered int64 `json:"recovered_fen"`
}

type story struct {
	ClosedByMonth map[string]int `json:"closed_by_month"` // cumulative, of the six counties
	Offices       []Office       `json:"offices"`
}

// Offices lists the offices of the story, upper levels first.
func Offices() []Office { return read[story]("story.json").Offices }

func read[T any](name string) (v T) {
	b, err := data.ReadFile("data/" + name)
	if err == nil {
		err = json.Unmarshal(b, &v)
	}
	if err != nil {
		panic(fmt.Errorf("demo data %s: %w", name, err)) // the files are part of the program
	}
	return v
}

// World is where the story is told.
type World struct {
	Owner  *pgxpool.Pool // opens offices
	App    *pgxpool.Pool // acts as people
	Jobs   *pgxpool.Pool // writes rows that no person writes one by one
	Issuer string        // of the portal at which the cast signs on

	// Threads, if set, continues the story through the rooms once the
	// ledgers stand.
	Threads func(ctx context.Context, people map[string]tenants.Scope, at func(time.Time) *tenants.DB) error
}

// Load tells the story, once: a database that has offices is left alone.
func Load(ctx context.Context, w World) error {
	jobs := tenants.NewDB(w.Jobs, func() time.Time { return Clock })
	if there, err := jobs.All(ctx); err != nil || len(there) > 0 {
		return err
	}
	l := loader{World: w, jobs: jobs, offices: map[string]tenants.Tenant{}, people: map[string]tenants.Scope{}}
	for _, o := range Offices() {
		if err := l.office(ctx, o); err != nil {
			return fmt.Errorf("demo: %s: %w", o.Name, err)
		}
	}
	if err := l.ledgers(ctx); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	if w.Threads == nil {
		return nil
	}
	if err := w.Threads(ctx, l.people, l.at); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	return nil
}

type loader struct {
	World
	jobs    *tenants.DB
	offices map[string]tenants.Tenant // by slug
	people  map[string]tenants.Scope  // by login
}

// at returns the application's database with its clock at t.
func (l *loader) at(t time.Time) *tenants.DB {
	return tenants.NewDB(l.App, func() time.Time { return t })
}

// morning is nine o'clock of a day.
func morning(d inspection.Day) time.Time { return d.Start().Add(9 * time.Hour) }
