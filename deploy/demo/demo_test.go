package demo

import (
	"testing"

	"xuncha/inspection"
)

// TestStoryAddsUp checks the sums that the story is known by, before anything is
// stored.
func TestStoryAddsUp(t *testing.T) {
	t.Parallel()
	offices, plans := everything()
	today := inspection.DayOf(Clock)
	var counties struct{ problems, closed, overdue, onTime, tagged, taggedUnits int }
	for _, o := range offices {
		if o.Ledger == nil {
			continue
		}
		var onTime, late, problems, overdue, taggedRows int
		focus := [4]int{}
		units := map[string]*Unit{}
		tags := map[string]bool{}
		for i := range o.Ledger.Units {
			units[o.Ledger.Units[i].Name] = &Unit{Name: o.Ledger.Units[i].Name, Team: o.Ledger.Units[i].Team}
		}
		numbers := map[string]bool{}
		for _, r := range plans[o.Slug] {
			u := units[r.UnitName]
			u.Problems++
			u.Outcome.Tasks += len(r.Measures)
			u.Outcome.Made += r.Rules
			u.Outcome.Amended += r.Amended
			u.Outcome.Recovered += r.Recovered
			problems++
			focus[r.Focus-1]++
			for i, s := range states {
				if r.State == s {
					u.States[i]++
				}
			}
			switch {
			case r.State == "closed" && *r.ClosedOn <= r.DueOn:
				onTime++
			case r.State == "closed":
				late++
			case r.State != "long-term" && r.DueOn < today:
				u.Overdue++
				overdue++
			}
			if len(r.Tags) > 0 {
				taggedRows++
				tags[r.UnitName] = true
			}
			if numbers[r.Number] {
				t.Errorf("%s stands twice", r.Number)
			}
			numbers[r.Number] = true
			if r.ClosedOn != nil && (*r.ClosedOn <= o.Ledger.FeedbackOn || *r.ClosedOn > today || *r.Submitted > *r.ClosedOn) {
				t.Errorf("%s: feedback %s, handed in %s, closed %s", r.Number, o.Ledger.FeedbackOn, r.Submitted, r.ClosedOn)
			}
		}
		for _, want := range o.Ledger.Units {
			got := *units[want.Name]
			if want.Outcome == (Outcome{}) {
				got.Outcome = want.Outcome
			}
			if got != want {
				t.Errorf("%s %s = %+v, want %+v", o.Name, want.Name, got, want)
			}
		}
		if onTime != o.Ledger.OnTime || late != o.Ledger.Late || focus != o.Ledger.Focus || taggedRows != o.Ledger.Tagged {
			t.Errorf("%s: on time %d, late %d, focus %v, tagged %d; want %+v", o.Name, onTime, late, focus, taggedRows, o.Ledger)
		}
		if n := len(unitsOf(o)); n != o.Ledger.Planned {
			t.Errorf("%s has %d units, want %d", o.Name, n, o.Ledger.Planned)
		}
		if o.Level == "county" {
			counties.problems += problems
			counties.closed += onTime + late
			counties.overdue += overdue
			counties.onTime += onTime
			counties.tagged += taggedRows
			counties.taggedUnits += len(tags)
		}
	}
	want := struct{ problems, closed, overdue, onTime, tagged, taggedUnits int }{468, 296, 26, 276, 48, 23}
	if counties != want {
		t.Errorf("six counties = %+v, want %+v", counties, want)
	}
	byMonth := map[string]int{}
	for _, o := range offices {
		if o.Level != "county" {
			continue
		}
		for _, r := range plans[o.Slug] {
			if r.ClosedOn != nil {
				byMonth[r.ClosedOn.String()[:7]]++
			}
		}
	}
	for _, s := range scenes {
		if s.closed != "" {
			byMonth[s.closed[:7]]++
			byMonth[s.undone[:7]]--
		}
	}
	sum := 0
	for _, m := range []string{"2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11"} {
		sum += byMonth[m]
		if want := read[story]("story.json").ClosedByMonth[m]; sum != want {
			t.Errorf("closed by %s = %d, want %d", m, sum, want)
		}
	}
}
